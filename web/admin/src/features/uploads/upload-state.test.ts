import { Problem, type Upload } from "@arv/api-client";
import { describe, expect, it } from "vitest";
import { mayRetry, NO_UPLOAD, nextUploadState, sentShare, type UploadEvent } from "./upload-state";

const file = new File(["0123456789"], "photo.jpg");
const other = new File(["01"], "other.jpg");
const upload = { id: "u1" } as Upload;
const after = (...events: UploadEvent[]) => events.reduce(nextUploadState, NO_UPLOAD);
const started: UploadEvent = { type: "started", file };

describe("nextUploadState", () => {
  it("counts what has been sent", () => {
    const state = after(started, { type: "progressed", file, sentBytes: 4 });
    expect(state).toEqual({ phase: "sending", file, sentBytes: 4 });
    expect(sentShare(state)).toBe(0.4);
  });

  it("says the server is checking once every byte has left", () => {
    const state = after(started, { type: "progressed", file, sentBytes: 10 });
    expect(state.phase).toBe("checking");
    expect(sentShare(state)).toBe(1);
  });

  it("ends with the stored upload", () => {
    expect(after(started, { type: "succeeded", file, upload })).toEqual({
      phase: "done",
      file,
      upload,
    });
  });

  it("ignores late news of a file that has been replaced", () => {
    const state = after(
      started,
      { type: "started", file: other },
      { type: "succeeded", file, upload },
    );
    expect(state).toEqual({ phase: "sending", file: other, sentBytes: 0 });
  });

  it("ignores news after it was cleared", () => {
    expect(after(started, { type: "cleared" }, { type: "cancelled", file })).toEqual(NO_UPLOAD);
  });
});

describe("mayRetry", () => {
  const failed = (status: number) =>
    after(started, { type: "failed", file, problem: new Problem(status) });

  it("offers to send again what failed on the way", () => {
    expect(mayRetry(failed(0))).toBe(true);
    expect(mayRetry(failed(503))).toBe(true);
    expect(mayRetry(after(started, { type: "cancelled", file }))).toBe(true);
  });

  it("does not when the file itself is refused", () => {
    expect(mayRetry(failed(415))).toBe(false);
    expect(mayRetry(failed(422))).toBe(false);
  });
});
