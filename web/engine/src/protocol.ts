import type { LiveTrackerOptions, TrackResult } from "./live_tracker.js";
import type { PixelFrame } from "./types.js";

/** Frames that can cross to a worker without being copied. */
export type TransferableFrame = VideoFrame | ImageBitmap | PixelFrame;

export type Request =
  | { type: "start"; module: WebAssembly.Module; options: LiveTrackerOptions }
  | { type: "frame"; frame: TransferableFrame; timeMs: number };

export type Reply =
  | { type: "started" }
  | { type: "result"; result: TrackResult }
  | { type: "error"; name: string; code: string; message: string };

/** What to hand over so that `frame` moves instead of being copied. */
export function transferOf(frame: TransferableFrame): Transferable[] {
  return "data" in frame ? [frame.data.buffer as ArrayBuffer] : [frame];
}

/** Gives back what `frame` holds; camera buffers are few and must not wait for the collector. */
export function releaseFrame(frame: TransferableFrame): void {
  if ("close" in frame) frame.close();
}
