// @vitest-environment jsdom
import { Problem, type RunningUpload, type Upload, type UploadRequest } from "@arv/api-client";
import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { sendFile } from "./api/send-file";
import { useUpload } from "./use-upload";

vi.mock("./api/send-file", () => ({ sendFile: vi.fn() }));

interface Sent {
  request: UploadRequest;
  succeed: (upload: Upload) => void;
  fail: (error: unknown) => void;
  cancel: () => void;
  pause: () => void;
  resume: () => void;
}

const sent: Sent[] = [];
const file = new File(["0123456789"], "photo.jpg", { type: "image/jpeg" });

beforeEach(() => {
  sent.length = 0;
  vi.mocked(sendFile).mockImplementation((request): RunningUpload => {
    const { promise, resolve, reject } = withResolvers<Upload>();
    const cancel = vi.fn(() => reject(new DOMException("stopped", "AbortError")));
    const [pause, resume] = [vi.fn(), vi.fn()];
    sent.push({ request, succeed: resolve, fail: reject, cancel, pause, resume });
    return { finished: promise, cancel, pause, resume };
  });
});

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const start = () => {
  const hook = renderHook(() => useUpload("c1", "image"));
  act(() => hook.result.current.choose(file));
  return hook;
};
const nth = (index: number): Sent => {
  const one = sent[index];
  if (!one) throw new Error(`upload ${index} was never started`);
  return one;
};

it("sends a file the moment it is chosen, and shows how far it is", () => {
  const { result } = start();
  expect(nth(0).request).toMatchObject({ companyId: "c1", purpose: "image", file });
  act(() => nth(0).request.onProgress?.(5, 10));
  expect(result.current.state).toMatchObject({ phase: "sending", sentBytes: 5 });
});

it("keeps the problem of a failed upload, and sends the same file again", async () => {
  const { result } = start();
  const problem = new Problem(503);
  await act(async () => nth(0).fail(problem));
  expect(result.current.state).toMatchObject({ phase: "failed", problem });
  act(() => result.current.retry());
  await act(async () => nth(1).succeed({ id: "u1" } as Upload));
  expect(result.current.state).toMatchObject({ phase: "done", upload: { id: "u1" } });
});

it("stops when asked to", async () => {
  const { result } = start();
  await act(async () => result.current.cancel());
  expect(nth(0).cancel).toHaveBeenCalledOnce();
  expect(result.current.state.phase).toBe("cancelled");
});

it("stops the first file when a second one takes its place", async () => {
  const { result } = start();
  const second = new File(["01"], "second.jpg", { type: "image/jpeg" });
  await act(async () => result.current.choose(second));
  expect(nth(0).cancel).toHaveBeenCalledOnce();
  expect(result.current.state).toMatchObject({ phase: "sending", file: second });
});

it("pauses when the screen is left, so that it may go on later", () => {
  const { unmount } = start();
  unmount();
  expect(nth(0).pause).toHaveBeenCalledOnce();
  expect(nth(0).cancel).not.toHaveBeenCalled();
});

it("pauses and goes on where it was", () => {
  const { result } = start();
  act(() => nth(0).request.onProgress?.(5, 10));
  act(() => result.current.pause());
  expect(nth(0).pause).toHaveBeenCalledOnce();
  expect(result.current.state).toMatchObject({ phase: "paused", sentBytes: 5 });
  act(() => result.current.resume());
  expect(nth(0).resume).toHaveBeenCalledOnce();
  expect(result.current.state).toMatchObject({ phase: "sending", sentBytes: 5 });
});

it("says while the line is lost, and no more once bytes move", () => {
  const { result } = start();
  act(() => nth(0).request.onWaiting?.(true));
  expect(result.current.state).toMatchObject({ phase: "sending", waiting: true });
  act(() => nth(0).request.onProgress?.(5, 10));
  expect(result.current.state).toEqual({ phase: "sending", file, sentBytes: 5 });
});

it("refuses at once what could never be accepted, and sends nothing", () => {
  const { result } = renderHook(() => useUpload("c1", "image"));
  act(() => result.current.choose(new File(["x"], "clip.mp4", { type: "video/mp4" })));
  expect(result.current.state).toMatchObject({
    phase: "refused",
    refusal: "unsupported_media_type",
  });
  expect(sent).toHaveLength(0);
});
