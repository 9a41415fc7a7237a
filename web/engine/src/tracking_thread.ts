import { LoadError } from "./errors.js";
import type { Reply, Request } from "./protocol.js";

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The worker that tracks, as questions and answers. Open it early: its script loads while the engine and
 * the target do. A worker that can not start is remembered, so that whoever asks later hears of it too.
 */
export class TrackingThread {
  readonly #worker: Worker;
  readonly #pending: Pending[] = [];
  #failure: LoadError | null = null;

  /** `worker` runs `@arv/engine/worker`; this package's own file when left out. */
  constructor(worker = startWorker()) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
      this.#pending.shift()?.resolve(data);
    });
    worker.addEventListener("error", (event) => this.#fail(event.message));
  }

  /** The answer to `request`; answers come in the order of the questions. */
  ask(request: Request, transfer: Transferable[] = []): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      this.#pending.push({ resolve, reject });
      this.#worker.postMessage(request, transfer);
    });
  }

  close(): void {
    this.#worker.terminate();
    this.#fail("the tracking thread was closed");
  }

  #fail(message: string): void {
    this.#failure ??= new LoadError("worker", message || "the tracking worker could not start");
    for (const { reject } of this.#pending.splice(0)) reject(this.#failure);
  }
}

function startWorker(): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "arv" });
}
