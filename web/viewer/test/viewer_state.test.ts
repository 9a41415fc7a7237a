import { describe, expect, it } from "vitest";
import { ViewerStore } from "../src/state/store.js";
import {
  INITIAL_STATE,
  LOST_MS,
  nextState,
  type ViewerEvent,
  type ViewerState,
} from "../src/state/viewer_state.js";

function after(...events: ViewerEvent[]): ViewerState {
  return events.reduce(nextState, INITIAL_STATE);
}

const engineReady: ViewerEvent = { type: "engine_ready", time: 10 };
const cameraReady: ViewerEvent = { type: "camera_ready", time: 20 };
const scanning = [engineReady, cameraReady];
const seen = (time: number): ViewerEvent => ({ type: "target_seen", time });
const missed = (time: number): ViewerEvent => ({ type: "target_missed", time });

describe("starting", () => {
  it("scans when camera and engine are ready, whichever comes first", () => {
    expect(after(engineReady, cameraReady)).toEqual({ name: "scanning", since: 20 });
    expect(after(cameraReady, engineReady)).toEqual({ name: "scanning", since: 10 });
  });

  it("remembers an engine that got ready while permission was asked for", () => {
    const asked = after({ type: "permission_needed" }, engineReady);
    expect(asked).toEqual({ name: "permission", engine: true });
    const started = [{ type: "start_requested" } as const, cameraReady].reduce(nextState, asked);
    expect(started.name).toBe("scanning");
  });

  it("does not fall back to permission once it runs", () => {
    expect(after(...scanning, { type: "permission_needed" }).name).toBe("scanning");
  });
});

describe("following", () => {
  it("goes from scanning to tracking when the print is seen", () => {
    expect(after(...scanning, seen(30))).toEqual({ name: "tracking", since: 30 });
  });

  it("keeps the moment tracking began", () => {
    expect(after(...scanning, seen(30), seen(60), seen(90))).toEqual({
      name: "tracking",
      since: 30,
    });
  });

  it("is lost at the first frame without the print, and tracks again when it is back", () => {
    const lost = after(...scanning, seen(30), missed(60));
    expect(lost).toEqual({ name: "lost", since: 60 });
    expect(nextState(lost, seen(90))).toEqual({ name: "tracking", since: 90 });
  });

  it("scans again when the print stays away", () => {
    const lost = after(...scanning, seen(30), missed(60));
    expect(nextState(lost, missed(60 + LOST_MS - 1))).toBe(lost);
    expect(nextState(lost, missed(60 + LOST_MS))).toEqual({
      name: "scanning",
      since: 60 + LOST_MS,
    });
  });
});

describe("failing", () => {
  it("tries again without loading the engine twice", () => {
    const failed = after(engineReady, { type: "failed", cause: "camera_busy" });
    expect(failed).toEqual({ name: "failed", cause: "camera_busy", engine: true });
    const again = [{ type: "start_requested" } as const, cameraReady].reduce(nextState, failed);
    expect(again.name).toBe("scanning");
  });

  it("waits for the engine again when that was what failed", () => {
    const failed = after(...scanning, { type: "failed", cause: "engine" });
    const again = [{ type: "start_requested" } as const, cameraReady].reduce(nextState, failed);
    expect(again).toEqual({ name: "loading", engine: false, camera: true });
  });

  it("keeps the first cause", () => {
    const state = after(
      { type: "failed", cause: "permission_denied" },
      { type: "failed", cause: "engine" },
    );
    expect(state).toMatchObject({ cause: "permission_denied" });
  });

  it("does not start what the browser can not do", () => {
    const state = after(
      { type: "unsupported", cause: "insecure" },
      { type: "start_requested" },
      ...scanning,
    );
    expect(state).toEqual({ name: "unsupported", cause: "insecure" });
  });
});

describe("ViewerStore", () => {
  it("tells listeners of changes only", () => {
    const store = new ViewerStore();
    const names: string[] = [];
    store.onChange((state) => names.push(state.name));
    for (const event of [...scanning, seen(30), seen(60), missed(90)]) store.send(event);
    expect(names).toEqual(["loading", "scanning", "tracking", "lost"]);
  });
});
