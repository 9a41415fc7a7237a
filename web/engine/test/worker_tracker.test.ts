import { describe, expect, it } from "vitest";
import { createWorkerTracker, LoadError, TargetError, TrackingThread } from "../src/index.js";
import type { Reply, Request } from "../src/protocol.js";
import type { PixelFrame } from "../src/types.js";

/** A worker that answers what the test tells it to; threads do not exist under Node's `Worker` name. */
class ScriptedWorker extends EventTarget {
  readonly requests: Request[] = [];
  terminated = false;
  postMessage(request: Request): void {
    this.requests.push(request);
  }
  terminate(): void {
    this.terminated = true;
  }
  answer(reply: Reply): void {
    this.dispatchEvent(new MessageEvent("message", { data: reply }));
  }
  break(message: string): void {
    this.dispatchEvent(Object.assign(new Event("error"), { message }));
  }
}

const module = new WebAssembly.Module(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]));

function open() {
  const worker = new ScriptedWorker();
  const thread = new TrackingThread(worker as unknown as Worker);
  return { worker, thread, tracker: createWorkerTracker({ module, thread, targets: [] }) };
}

function frame(level: number): PixelFrame {
  return { format: "grey", width: 1, height: 1, data: Uint8Array.of(level) };
}

const result = (ms: number): Reply => ({
  type: "result",
  result: { targets: [], ms, searched: true, level: 0 },
});

describe("createWorkerTracker", () => {
  it("hands broken targets back as what they are", async () => {
    const { worker, tracker } = open();
    worker.answer({ type: "error", name: "TargetError", code: "format", message: "a broken one" });
    await expect(tracker).rejects.toThrow(TargetError);
    expect(worker.terminated).toBe(true);
  });

  it("tells of a worker that broke before anybody asked it anything", async () => {
    const worker = new ScriptedWorker();
    const thread = new TrackingThread(worker as unknown as Worker);
    worker.break("404");
    await expect(createWorkerTracker({ module, thread, targets: [] })).rejects.toThrow(LoadError);
  });
});

describe("WorkerTracker", () => {
  it("has one frame in work, and of those that wait the newest", async () => {
    const { worker, tracker } = open();
    worker.answer({ type: "started" });
    const ready = await tracker;
    const [first, stale, newest] = [1, 2, 3].map((time) => ready.track(frame(time), time));
    expect(await stale).toBeNull();
    worker.answer(result(7));
    expect((await first)?.ms).toBe(7);
    await Promise.resolve();
    worker.answer(result(8));
    expect((await newest)?.ms).toBe(8);
    const times = worker.requests.flatMap((each) => (each.type === "frame" ? [each.timeMs] : []));
    expect(times).toEqual([1, 3]);
  });

  it("fails the frame in work when the worker breaks", async () => {
    const { worker, tracker } = open();
    worker.answer({ type: "started" });
    const lost = (await tracker).track(frame(1), 1);
    worker.break("out of memory");
    await expect(lost).rejects.toThrow("out of memory");
  });
});
