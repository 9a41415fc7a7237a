import { type ArvExports, describeError, TARGET_INFO_BYTES } from "./abi.js";
import { type CompiledTarget, type CompileOptions, compileTarget } from "./compile.js";
import { TargetError } from "./errors.js";
import { Memory } from "./memory.js";
import { Tracker, type TrackerOptions } from "./tracker.js";
import type { PixelFrame } from "./types.js";

/** What a target file says about itself. */
export interface TargetInfo {
  readonly version: number;
  /** Pixels of the picture that was compiled. */
  readonly width: number;
  readonly height: number;
  readonly features: number;
  readonly patches: number;
  /** 0..100, or null when the file was never scored. */
  readonly score: number | null;
}

/** One instance of the recognition engine. Belongs to the thread it was made on. */
export class Engine {
  readonly #exports: ArvExports;
  readonly #memory: Memory;

  /** Use `loadEngine` or `instantiateEngine`. */
  constructor(exports: ArvExports) {
    this.#exports = exports;
    this.#memory = new Memory(exports);
  }

  /** Whether this is the SIMD build. */
  get simd(): boolean {
    return this.#exports.arv_simd() === 1;
  }

  /** Bytes of engine memory in use. */
  get memoryUsed(): number {
    return this.#exports.arv_memory_used();
  }

  /** A tracker for frames of `width` x `height` that looks for `targets`. Call its `close()` at the end. */
  createTracker(options: TrackerOptions): Tracker {
    return new Tracker(this.#exports, this.#memory, options);
  }

  /** Reads a target file's head after checking all of it; throws `TargetError` when it is broken. */
  describeTarget(target: ArrayBuffer | Uint8Array): TargetInfo {
    const bytes = target instanceof Uint8Array ? target : new Uint8Array(target);
    return this.#memory.withCopy(
      bytes,
      (pointer, size) =>
        this.#memory.withBuffer(TARGET_INFO_BYTES, (info) => {
          const result = this.#exports.arv_target_info(pointer, size, info);
          if (result < 0) throw new TargetError(...describeError(result));
          const [version, width, height, features, patches, score] = this.#memory.words(info, 6);
          return { version, width, height, features, patches, score: score === -1 ? null : score };
        }) as TargetInfo,
    );
  }

  /** Makes a target file from a picture, in slices of some 20 ms; throws `ImageError`. */
  compileTarget(picture: PixelFrame, options?: CompileOptions): Promise<CompiledTarget> {
    return compileTarget(this.#exports, this.#memory, picture, options);
  }
}
