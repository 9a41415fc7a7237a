import type { Engine } from "./engine.js";
import { frameSize } from "./frame.js";
import type { Tracker, TrackerOptions } from "./tracker.js";
import type { Frame, TargetState } from "./types.js";

/** What one frame of a live picture gave. */
export interface TrackResult {
  readonly targets: readonly TargetState[];
  /** Time spent on this frame, reading its pixels included. */
  readonly ms: number;
  /** Whether nothing was held when the frame came, so that it was searched. */
  readonly searched: boolean;
  /** Mean brightness of the frame, 0..255. */
  readonly level: number;
}

export type LiveTrackerOptions = Omit<TrackerOptions, "width" | "height">;

/** A tracker that takes whatever the camera gives, also when it turns and changes its size. */
export class LiveTracker {
  readonly #engine: Engine;
  readonly #options: LiveTrackerOptions;
  #tracker: Tracker | null = null;
  #held = 0;

  constructor(engine: Engine, options: LiveTrackerOptions) {
    this.#engine = engine;
    this.#options = options;
    for (const target of options.targets) engine.describeTarget(target);
  }

  async track(frame: Frame, timeMs: number): Promise<TrackResult> {
    const start = performance.now();
    const tracker = this.#trackerFor(frame);
    const searched = this.#held === 0;
    const targets = isVideoFrame(frame)
      ? await tracker.processVideoFrame(frame, timeMs)
      : tracker.process(frame, timeMs);
    this.#held = targets.length;
    return { targets, searched, level: tracker.level, ms: performance.now() - start };
  }

  close(): void {
    this.#tracker?.close();
    this.#tracker = null;
  }

  #trackerFor(frame: Frame): Tracker {
    const size = frameSize(frame);
    const current = this.#tracker;
    const { width, height } = current?.frameSize ?? { width: 0, height: 0 };
    if (current && width === size.width && height === size.height) return current;
    this.close();
    this.#held = 0;
    this.#tracker = this.#engine.createTracker({ ...this.#options, ...size });
    return this.#tracker;
  }
}

function isVideoFrame(frame: Frame): frame is VideoFrame {
  return typeof VideoFrame === "function" && frame instanceof VideoFrame;
}
