import type { Engine } from "./engine.js";
import { frameSize } from "./frame.js";
import type { Tracker, TrackerOptions } from "./tracker.js";
import type { Frame, PixelFrame, TargetPose, TargetState } from "./types.js";

/** What one frame of a live picture gave. */
export interface TrackResult {
  readonly targets: readonly TargetState[];
  /** Where each of `targets` stands, in the same order, when `poses` was asked for; null where it can not be told. */
  readonly poses?: readonly (TargetPose | null)[];
  /** Time spent on this frame, reading its pixels included. */
  readonly ms: number;
  /** Whether nothing was held when the frame came, so that it was searched. */
  readonly searched: boolean;
  /** Mean brightness of the frame, 0..255. */
  readonly level: number;
}

export interface LiveTrackerOptions extends Omit<TrackerOptions, "width" | "height"> {
  /** Whether results say where the targets stand in space; off by default. */
  readonly poses?: boolean;
}

const WARM_UP_SIZE = { width: 320, height: 240 };

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
    const poses = this.#options.poses
      ? targets.map(({ target }) => tracker.pose(target))
      : undefined;
    const ms = performance.now() - start;
    return { targets, searched, level: tracker.level, ms, ...(poses && { poses }) };
  }

  /**
   * Searches one drawn frame, so that the browser has compiled the code when the first real one comes: that
   * one took twice as long as the next otherwise. For the time in which the camera is still waking up.
   */
  warmUp(): void {
    const tracker = this.#engine.createTracker({ ...this.#options, ...WARM_UP_SIZE });
    tracker.process(checkeredFrame());
    tracker.close();
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

/** Squares of many greys: corners enough to pass through the whole search. */
function checkeredFrame(): PixelFrame {
  const { width, height } = WARM_UP_SIZE;
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const [column, row] = [(i % width) >> 3, Math.floor(i / width) >> 3];
    data[i] = (column * 73) ^ (row * 151);
  }
  return { format: "grey", width, height, data };
}

function isVideoFrame(frame: Frame): frame is VideoFrame {
  return typeof VideoFrame === "function" && frame instanceof VideoFrame;
}
