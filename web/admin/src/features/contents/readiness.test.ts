import { describe, expect, it } from "vitest";
import { type FilePlace, readiness } from "./readiness";

const none: FilePlace = { kind: "none" };
const coming: FilePlace = { kind: "coming" };
const stuck: FilePlace = { kind: "stuck" };
const stored = (uploadId: string): FilePlace => ({ kind: "stored", uploadId });

describe("readiness", () => {
  it("misses the photo first, then the title", () => {
    expect(readiness("", none, none)).toEqual({ kind: "missing", hint: "photo" });
    expect(readiness("", stored("p"), none)).toEqual({ kind: "missing", hint: "title" });
  });

  it("does not go on without a file that is stuck", () => {
    expect(readiness("Dance", stuck, none).hint).toBe("photo_stuck");
    expect(readiness("Dance", stored("p"), stuck).hint).toBe("video_stuck");
  });

  it("waits for both files", () => {
    expect(readiness("Dance", coming, none).kind).toBe("waiting");
    expect(readiness("Dance", stored("p"), coming).kind).toBe("waiting");
  });

  it("is ready with a photo alone: the video may come later", () => {
    expect(readiness("Dance", stored("p"), none)).toEqual({
      kind: "ready",
      hint: "video_later",
      image: "p",
      video: null,
    });
  });

  it("is ready with both", () => {
    expect(readiness("Dance", stored("p"), stored("v"))).toMatchObject({
      kind: "ready",
      video: "v",
    });
  });
});
