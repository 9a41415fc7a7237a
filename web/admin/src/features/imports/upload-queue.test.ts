import { Problem, type Upload } from "@arv/api-client";
import { expect, it, vi } from "vitest";
import { createUploadQueue, type QueuedFile, queueProgress } from "./upload-queue";
import type { MatchedFile } from "./wanted-files";

const matched = (name: string, bytes = 10): MatchedFile => ({
  name,
  purpose: "image",
  file: new File(["x".repeat(bytes)], name),
});

/** A queue whose files end when the test says so. */
function setUp() {
  const sent = new Map<string, { resolve: () => void; reject: (error: unknown) => void }[]>();
  let files: readonly QueuedFile[] = [];
  const onIdle = vi.fn();
  const pause = vi.fn();
  const sleep = vi.fn(() => Promise.resolve());
  const queue = createUploadQueue({
    send: ({ name }) => ({
      finished: new Promise<Upload>((resolve, reject) => {
        const tries = sent.get(name) ?? [];
        sent.set(name, [...tries, { resolve: () => resolve({} as Upload), reject }]);
      }),
      pause,
      resume: vi.fn(),
      cancel: vi.fn(),
    }),
    onChange: (now) => {
      files = now;
    },
    onIdle,
    sleep,
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  const phases = () => Object.fromEntries(files.map((each) => [each.name, each.phase]));
  return { queue, sent, phases, onIdle, pause, sleep, settled, files: () => files };
}

it("sends two at a time, then the next, and says when nothing waits", async () => {
  const { queue, sent, phases, onIdle, settled } = setUp();
  queue.add([matched("a"), matched("b"), matched("c")]);
  expect(phases()).toEqual({ a: "sending", b: "sending", c: "waiting" });
  sent.get("a")?.[0]?.resolve();
  await settled();
  expect(phases()).toEqual({ a: "done", b: "sending", c: "sending" });
  expect(onIdle).not.toHaveBeenCalled();
  sent.get("b")?.[0]?.resolve();
  sent.get("c")?.[0]?.resolve();
  await settled();
  expect(onIdle).toHaveBeenCalledOnce();
});

it("sends again what may heal by itself, and gives up on a file that is the trouble", async () => {
  const { queue, sent, phases, sleep, settled, files } = setUp();
  queue.add([matched("busy"), matched("broken")]);
  sent.get("busy")?.[0]?.reject(new Problem(429));
  sent.get("broken")?.[0]?.reject(new Problem(422, { code: "image_broken" }));
  await settled();
  expect(sleep).toHaveBeenCalledOnce();
  sent.get("busy")?.[1]?.resolve();
  await settled();
  expect(phases()).toEqual({ busy: "done", broken: "failed" });
  expect(queueProgress(files()).failed[0]?.problem?.code).toBe("image_broken");
  queue.retryFailed();
  expect(phases()).toEqual({ busy: "done", broken: "sending" });
});

it("pauses what is on its way when it is stopped, and begins nothing more", async () => {
  const { queue, sent, pause, phases, settled } = setUp();
  queue.add([matched("a"), matched("b"), matched("c")]);
  queue.stop();
  expect(pause).toHaveBeenCalledTimes(2);
  sent.get("a")?.[0]?.reject(new DOMException("stopped", "AbortError"));
  await settled();
  expect(phases().c).toBe("waiting");
});

it("counts bytes, not files", () => {
  const file = (name: string, bytes: number, sentBytes: number, phase: QueuedFile["phase"]) => ({
    ...matched(name, bytes),
    phase,
    sentBytes,
    problem: null,
  });
  const progress = queueProgress([file("a", 30, 30, "done"), file("b", 70, 20, "sending")]);
  expect(progress).toMatchObject({ share: 0.5, done: 1, running: true, failed: [] });
  expect(queueProgress([])).toMatchObject({ share: 0, running: false });
});
