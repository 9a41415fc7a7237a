import {
  type ArvExports,
  describeError,
  REPORT_FEATURES,
  REPORT_PATCHES,
  REPORT_SCORE,
} from "./abi.js";
import { EngineError, ImageError } from "./errors.js";
import { lumaOf, reducePlane, workingSize } from "./luma.js";
import type { Memory } from "./memory.js";
import type { PixelFrame, Size } from "./types.js";

export type CompileStage = "analyse" | "learn" | "pack" | "score" | "done";

export interface CompileOptions {
  /** Called between slices with 0..1. */
  readonly onProgress?: (progress: number, stage: CompileStage) => void;
  /**
   * Called once, after about a tenth of the time, with a target file that can be tracked with. The learned one
   * that follows is found more often.
   */
  readonly onUsable?: (data: Uint8Array) => void;
  readonly signal?: AbortSignal;
}

export interface CompiledTarget extends Size {
  /** The `.arvt` file. */
  readonly data: Uint8Array;
  readonly features: number;
  readonly patches: number;
  /** Trackability 0..100. */
  readonly score: number;
}

const STAGES: readonly CompileStage[] = ["analyse", "learn", "pack", "score", "done"];

/** The engine works on at most this; reducing here keeps its memory small. */
const PICTURE_SIDE = 1024;

export async function compileTarget(
  exports: ArvExports,
  memory: Memory,
  picture: PixelFrame,
  options: CompileOptions = {},
): Promise<CompiledTarget> {
  const handle = beginCompile(exports, memory, picture);
  try {
    await runCompile(exports, memory, handle, options);
    return readCompiled(exports, memory, handle, picture);
  } finally {
    exports.arv_compile_free(handle);
  }
}

function beginCompile(exports: ArvExports, memory: Memory, picture: PixelFrame): number {
  const size = workingSize(picture, PICTURE_SIDE);
  const grey = new Uint8Array(size.width * size.height);
  const plane =
    picture.format === "rgba"
      ? lumaOf(picture.data, { width: picture.width, height: picture.height })
      : { ...picture, data: bytesOf(picture), offset: 0, stride: picture.width };
  reducePlane(plane, grey, size);
  const handle = memory.withCopy(grey, (pointer) =>
    exports.arv_compile_begin(pointer, size.width, size.height, picture.width, picture.height),
  );
  return throwIfNegative(handle);
}

async function runCompile(
  exports: ArvExports,
  memory: Memory,
  handle: number,
  { onProgress, onUsable, signal }: CompileOptions,
): Promise<void> {
  let tell = onUsable;
  for (;;) {
    signal?.throwIfAborted();
    const permille = throwIfNegative(exports.arv_compile_step(handle));
    const stage = STAGES[exports.arv_compile_stage(handle)] ?? "done";
    onProgress?.(permille / 1000, stage);
    if (tell && stage !== "analyse") {
      tell(readFile(exports, memory, handle));
      tell = undefined;
    }
    if (permille >= 1000) return;
    // Lets the page paint and answer between slices.
    await new Promise((resume) => setTimeout(resume, 0));
  }
}

function readCompiled(
  exports: ArvExports,
  memory: Memory,
  handle: number,
  { width, height }: Size,
): CompiledTarget {
  const report = exports.arv_compile_report(handle);
  if (report === 0) throw new EngineError("unknown", "the engine returned no report");
  const words = memory.words(report, REPORT_PATCHES + 1);
  return {
    width,
    height,
    data: readFile(exports, memory, handle),
    features: words[REPORT_FEATURES] as number,
    patches: words[REPORT_PATCHES] as number,
    score: words[REPORT_SCORE] as number,
  };
}

function readFile(exports: ArvExports, memory: Memory, handle: number): Uint8Array {
  const start = exports.arv_compile_data(handle);
  if (start === 0) throw new EngineError("unknown", "the engine returned no target");
  return memory.bytes.slice(start, start + exports.arv_compile_size(handle));
}

function bytesOf({ data }: PixelFrame): Uint8Array {
  return data instanceof Uint8Array
    ? data
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function throwIfNegative(result: number): number {
  if (result < 0) throw new ImageError(...describeError(result));
  return result;
}
