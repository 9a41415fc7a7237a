import {
  type ArvExports,
  describeError,
  FORMAT_GREY,
  FORMAT_RGBA,
  OPTION_FOCAL,
  OPTION_MAX_TRACKED,
  OPTION_SMOOTHING,
} from "./abi.js";
import { FrameError, TargetError } from "./errors.js";
import { type FrameCanvas, frameSize, isPixels, openFrameCanvas, pixelsOf } from "./frame.js";
import { lumaOf, meanLevel, type Plane, reducePlane, WORKING_SIDE, workingSize } from "./luma.js";
import type { Memory } from "./memory.js";
import { readPose, readResults } from "./results.js";
import type { DrawableFrame, Frame, PixelFrame, Size, TargetPose, TargetState } from "./types.js";
import { LumaReader } from "./video_frame.js";

export interface TrackerOptions extends Size {
  /** Contents of `.arvt` files. */
  readonly targets: readonly (ArrayBuffer | Uint8Array)[];
  /** Frames are reduced so that their long side is at most this. Infinity: never. */
  readonly maxSide?: number;
  /** Calms a print that is held still; on by default. */
  readonly smoothing?: boolean;
  /** How many targets may be followed at once, 1..4. While so many are held, none is searched. */
  readonly maxTracked?: number;
  /** The camera's focal length in pixels of the frames handed in, if known; learnt from the frames otherwise. */
  readonly focalPx?: number;
}

/**
 * Finds and follows targets in frames of one size. Corners and homographies come back in pixels
 * of the frames handed in, whatever size the engine worked at.
 */
export class Tracker {
  readonly frameSize: Size;
  readonly #exports: ArvExports;
  readonly #memory: Memory;
  readonly #size: Size;
  readonly #pointer: number;
  readonly #luma = new LumaReader();
  #canvas: FrameCanvas | null = null;
  #closed = false;
  #level = 0;

  constructor(exports: ArvExports, memory: Memory, options: TrackerOptions) {
    this.frameSize = { width: options.width, height: options.height };
    this.#exports = exports;
    this.#memory = memory;
    this.#size = workingSize(options, options.maxSide ?? WORKING_SIDE);
    const { width, height } = this.#size;
    this.#pointer = exports.arv_tracker_new(width, height, Math.max(1, options.targets.length));
    if (this.#pointer === 0) {
      throw new FrameError("size", `frames of ${width} x ${height} pixels can not be tracked`);
    }
    this.#configure(options);
  }

  /** Mean brightness of the last frame, 0..255. */
  get level(): number {
    return this.#level;
  }

  /** The targets seen in `frame`. `timeMs` is the moment of capture on a clock that only goes forward. */
  process(frame: Frame, timeMs = -1): TargetState[] {
    this.#checkSize(frameSize(frame));
    return isPixels(frame)
      ? this.#processPixels(pixelsOf(frame), timeMs)
      : this.#processDrawing(frame, timeMs);
  }

  /**
   * As `process`, but reads the brightness plane of a camera's `VideoFrame` directly where the browser
   * allows it: no conversion to colour and back. Does not close the frame.
   */
  async processVideoFrame(frame: VideoFrame, timeMs = -1): Promise<TargetState[]> {
    this.#checkSize(frameSize(frame));
    const plane = await this.#luma.read(frame);
    return plane ? this.#processPlane(plane, timeMs) : this.#processDrawing(frame, timeMs);
  }

  /** Where the target of this index stood in the last frame; null when it was not seen there. */
  pose(target: number): TargetPose | null {
    if (this.#closed) throw new FrameError("closed", "the tracker is closed");
    const start = this.#exports.arv_tracker_pose(this.#pointer, target);
    return start ? readPose(this.#memory, start, this.#size, this.frameSize) : null;
  }

  /** Forgets where the targets were and what was learnt of the camera; targets stay loaded. */
  reset(): void {
    this.#exports.arv_tracker_reset(this.#pointer);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#exports.arv_tracker_free(this.#pointer);
  }

  #configure({ targets, smoothing, maxTracked, focalPx }: TrackerOptions): void {
    try {
      for (const target of targets) this.#addTarget(target);
    } catch (error) {
      this.close();
      throw error;
    }
    const set = this.#exports.arv_tracker_option;
    if (smoothing !== undefined) set(this.#pointer, OPTION_SMOOTHING, Number(smoothing));
    if (maxTracked !== undefined) set(this.#pointer, OPTION_MAX_TRACKED, maxTracked);
    if (focalPx !== undefined) {
      const working = Math.round((focalPx * this.#size.width) / this.frameSize.width);
      set(this.#pointer, OPTION_FOCAL, working);
    }
  }

  #addTarget(target: ArrayBuffer | Uint8Array): void {
    const bytes = target instanceof Uint8Array ? target : new Uint8Array(target);
    const index = this.#memory.withCopy(bytes, (pointer, size) =>
      this.#exports.arv_tracker_add(this.#pointer, pointer, size),
    );
    if (index < 0) throw new TargetError(...describeError(index));
  }

  #processPixels(frame: PixelFrame, timeMs: number): TargetState[] {
    const { width, height, data } = frame;
    if (data.length < width * height * (frame.format === "rgba" ? 4 : 1)) {
      throw new FrameError("size", "the frame has fewer bytes than its size says");
    }
    if (frame.format === "grey") {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return this.#processPlane({ data: bytes, offset: 0, stride: width, width, height }, timeMs);
    }
    if (width !== this.#size.width || height !== this.#size.height) {
      return this.#processPlane(lumaOf(data, { width, height }), timeMs);
    }
    return this.#processRgba(data, timeMs);
  }

  #processPlane(plane: Plane, timeMs: number): TargetState[] {
    const start = this.#exports.arv_tracker_frame_grey(this.#pointer);
    const pixels = this.#size.width * this.#size.height;
    const buffer = this.#memory.bytes.subarray(start, start + pixels);
    reducePlane(plane, buffer, this.#size);
    this.#level = meanLevel(buffer, 1);
    return this.#run(FORMAT_GREY, timeMs);
  }

  #processDrawing(frame: DrawableFrame, timeMs: number): TargetState[] {
    this.#canvas ??= openFrameCanvas(this.#size);
    return this.#processRgba(this.#canvas.read(frame), timeMs);
  }

  #processRgba(data: Uint8Array | Uint8ClampedArray, timeMs: number): TargetState[] {
    const start = this.#exports.arv_tracker_frame_rgba(this.#pointer);
    const bytes = this.#size.width * this.#size.height * 4;
    const buffer = this.#memory.bytes.subarray(start, start + bytes);
    buffer.set(data.length === bytes ? data : data.subarray(0, bytes));
    this.#level = meanLevel(buffer, 4);
    return this.#run(FORMAT_RGBA, timeMs);
  }

  #run(format: number, timeMs: number): TargetState[] {
    const count = this.#exports.arv_tracker_process(this.#pointer, format, timeMs);
    if (count < 0) throw new FrameError(...describeError(count));
    const start = this.#exports.arv_tracker_results(this.#pointer);
    return readResults(this.#memory, start, count, this.#size, this.frameSize);
  }

  #checkSize({ width, height }: Size): void {
    if (this.#closed) throw new FrameError("closed", "the tracker is closed");
    if (width !== this.frameSize.width || height !== this.frameSize.height) {
      const expected = `${this.frameSize.width} x ${this.frameSize.height}`;
      throw new FrameError(
        "size",
        `the frame is ${width} x ${height}, the tracker is for ${expected}`,
      );
    }
  }
}
