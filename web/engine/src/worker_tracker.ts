import { EngineError, FrameError, LoadError, TargetError } from "./errors.js";
import type { LiveTrackerOptions, TrackResult } from "./live_tracker.js";
import { NewestWins } from "./newest_wins.js";
import { type Reply, releaseFrame, type TransferableFrame, transferOf } from "./protocol.js";
import { TrackingThread } from "./tracking_thread.js";

export interface WorkerTrackerOptions extends LiveTrackerOptions {
  /** From `compileEngineModule`. */
  readonly module: WebAssembly.Module;
  /** A thread opened earlier; a new one when left out. */
  readonly thread?: TrackingThread;
}

interface Offer {
  readonly frame: TransferableFrame;
  readonly timeMs: number;
}

/** A live tracker on its own thread, so that a slow search never makes the page stutter. */
export class WorkerTracker {
  readonly #thread: TrackingThread;
  readonly #frames: NewestWins<Offer, TrackResult>;

  /** Use `createWorkerTracker`. */
  constructor(thread: TrackingThread) {
    this.#thread = thread;
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
    this.#thread.close();
  }

  async #track({ frame, timeMs }: Offer): Promise<TrackResult> {
    const reply = await this.#thread.ask({ type: "frame", frame, timeMs }, transferOf(frame));
    if (reply.type !== "result") throw errorOf(reply);
    return reply.result;
  }
}

/** A tracker in a worker, ready for frames. Throws `TargetError` or `LoadError`. */
export async function createWorkerTracker(options: WorkerTrackerOptions): Promise<WorkerTracker> {
  const { module, thread = new TrackingThread(), ...rest } = options;
  try {
    const reply = await thread.ask({ type: "start", module, options: rest });
    if (reply.type !== "started") throw errorOf(reply);
    return new WorkerTracker(thread);
  } catch (error) {
    thread.close();
    throw error;
  }
}

const CLASSES = { TargetError, FrameError, LoadError };

function errorOf(reply: Reply): EngineError {
  if (reply.type !== "error") return new EngineError("protocol", `unexpected answer ${reply.type}`);
  const Class = CLASSES[reply.name as keyof typeof CLASSES] ?? EngineError;
  return new Class(reply.code, reply.message);
}
