import { EngineError, FrameError, LoadError, TargetError } from "./errors.js";
import type { LiveTrackerOptions, TrackResult } from "./live_tracker.js";
import { NewestWins } from "./newest_wins.js";
import {
  type Reply,
  type Request,
  releaseFrame,
  type TransferableFrame,
  transferOf,
} from "./protocol.js";

export interface WorkerTrackerOptions extends LiveTrackerOptions {
  /** From `compileEngineModule`. */
  readonly module: WebAssembly.Module;
  /** A worker that runs `@arv/engine/worker`; made from this package's own file when left out. */
  readonly worker?: Worker;
}

interface Offer {
  readonly frame: TransferableFrame;
  readonly timeMs: number;
}

/** A live tracker on its own thread, so that a slow search never makes the page stutter. */
export class WorkerTracker {
  readonly #worker: Worker;
  readonly #frames: NewestWins<Offer, TrackResult>;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.#frames = new NewestWins(
      (offer) => this.#track(offer),
      ({ frame }) => releaseFrame(frame),
    );
  }

  /** Whether a frame is being worked on; one offered now will wait. */
  get busy(): boolean {
    return this.#frames.busy;
  }

  /**
   * Tracks `frame`, which moves to the worker and must not be used any more: keep a clone to draw.
   * Resolves to null when a newer frame took its place before its turn came.
   */
  track(frame: TransferableFrame, timeMs: number): Promise<TrackResult | null> {
    return this.#frames.offer({ frame, timeMs });
  }

  close(): void {
    this.#frames.clear();
    this.#worker.terminate();
  }

  /** Used by `createWorkerTracker`. */
  async start(module: WebAssembly.Module, options: LiveTrackerOptions): Promise<void> {
    const reply = await this.#ask({ type: "start", module, options });
    if (reply.type !== "started") throw errorOf(reply);
  }

  async #track({ frame, timeMs }: Offer): Promise<TrackResult> {
    const reply = await this.#ask({ type: "frame", frame, timeMs }, transferOf(frame));
    if (reply.type !== "result") throw errorOf(reply);
    return reply.result;
  }

  #ask(request: Request, transfer: Transferable[] = []): Promise<Reply> {
    const worker = this.#worker;
    return new Promise((resolve, reject) => {
      const settle = () => {
        worker.removeEventListener("message", onMessage);
        worker.removeEventListener("error", onError);
      };
      const onMessage = (event: MessageEvent<Reply>) => {
        settle();
        resolve(event.data);
      };
      const onError = (event: ErrorEvent) => {
        settle();
        reject(new LoadError("worker", event.message || "the tracking worker could not start"));
      };
      worker.addEventListener("message", onMessage);
      worker.addEventListener("error", onError);
      worker.postMessage(request, transfer);
    });
  }
}

/** A worker that runs this package's tracking thread. Start it early: it loads while the rest does. */
export function startWorker(): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "arv" });
}

/** A tracker in a worker, ready for frames. Throws `TargetError` or `LoadError`. */
export async function createWorkerTracker(options: WorkerTrackerOptions): Promise<WorkerTracker> {
  const { module, worker = startWorker(), ...rest } = options;
  const tracker = new WorkerTracker(worker);
  try {
    await tracker.start(module, rest);
    return tracker;
  } catch (error) {
    tracker.close();
    throw error;
  }
}

const CLASSES = { TargetError, FrameError, LoadError };

function errorOf(reply: Reply): EngineError {
  if (reply.type !== "error") return new EngineError("protocol", `unexpected answer ${reply.type}`);
  const Class = CLASSES[reply.name as keyof typeof CLASSES] ?? EngineError;
  return new Class(reply.code, reply.message);
}
