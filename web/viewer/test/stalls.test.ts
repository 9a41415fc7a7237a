import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchStalls } from "../src/playback/stalls.js";

describe("watchStalls", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watched() {
    const video = new EventTarget();
    const onStall = vi.fn();
    watchStalls(video as HTMLVideoElement, onStall);
    return { video, onStall };
  }

  it("tells of a wait that lasts", () => {
    const { video, onStall } = watched();
    video.dispatchEvent(new Event("waiting"));
    vi.advanceTimersByTime(2600);
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it("says nothing of a short one, nor of a pause", () => {
    const { video, onStall } = watched();
    for (const name of ["playing", "pause"]) {
      video.dispatchEvent(new Event("waiting"));
      vi.advanceTimersByTime(1000);
      video.dispatchEvent(new Event(name));
      vi.advanceTimersByTime(5000);
    }
    expect(onStall).not.toHaveBeenCalled();
  });
});
