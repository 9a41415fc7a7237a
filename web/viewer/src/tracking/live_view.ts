import type { Corners, TrackResult } from "@arv/engine";
import { watchFrames } from "../camera/frame_clock.js";
import { type FrameSource, type HeldFrame, openFrameSource } from "../camera/frame_source.js";
import { rescaleCorners } from "../stage/geometry.js";
import type { Stage } from "../stage/stage.js";
import type { Recognition } from "./recognition.js";

/** What was measured in the frame that is on the screen now. */
export interface ShownFrame {
  readonly time: number;
  readonly frameWidth: number;
  readonly frameHeight: number;
  /** Top-left, top-right, bottom-right, bottom-left in pixels of the frame, or null when not seen. */
  readonly corners: Corners | null;
  readonly confidence: number;
  /** Milliseconds spent on a frame that was followed, or null when it was searched. */
  readonly trackMs: number | null;
  readonly detectMs: number | null;
  /** Mean brightness, 0..255. */
  readonly level: number;
}

export interface LiveViewListener {
  /** After the frame and the overlay's place were set, in the same task. */
  onShown(frame: ShownFrame): void;
  onBroken(error: unknown): void;
}

/**
 * Camera frame -> tracker -> screen. A frame is drawn when its answer is there and not before, so the
 * overlay never runs ahead of the picture or behind it.
 */
export class LiveView {
  readonly #stage: Stage;
  readonly #frames: FrameSource;
  readonly #listener: LiveViewListener;
  #recognition: Recognition | null = null;

  constructor(video: HTMLVideoElement, stage: Stage, listener: LiveViewListener) {
    this.#stage = stage;
    this.#listener = listener;
    this.#frames = openFrameSource(video);
    watchFrames(video, (time) => this.#next(time));
  }

  /** From now on frames are recognised; until then they are only shown. */
  useRecognition(recognition: Recognition): void {
    this.#recognition = recognition;
  }

  #next(time: number): void {
    const frame = this.#frames.take();
    if (!frame) return;
    if (this.#recognition) {
      void this.#track(this.#recognition, frame, time);
    } else {
      void this.#showOnly(frame);
    }
  }

  async #showOnly(frame: HeldFrame): Promise<void> {
    await frame.drawable;
    // Recognition may have started meanwhile; its frames are newer.
    if (!this.#recognition) this.#stage.present(frame, null);
    frame.release();
  }

  async #track(recognition: Recognition, frame: HeldFrame, time: number): Promise<void> {
    try {
      const answer = recognition.track(frame.forTracker(), time);
      const [result] = await Promise.all([answer, frame.drawable]);
      if (result) this.#show(frame, result, time);
    } catch (error) {
      this.#recognition = null;
      this.#listener.onBroken(error);
    } finally {
      frame.release();
    }
  }

  #show(frame: HeldFrame, result: TrackResult, time: number): void {
    const [seen] = result.targets;
    const corners = seen ? rescaleCorners(seen.corners, frame.trackedSize, frame.size) : null;
    this.#stage.present(frame, corners);
    this.#listener.onShown({
      time,
      frameWidth: frame.size.width,
      frameHeight: frame.size.height,
      corners,
      confidence: seen?.confidence ?? 0,
      trackMs: result.searched ? null : result.ms,
      detectMs: result.searched ? result.ms : null,
      level: result.level,
    });
  }
}
