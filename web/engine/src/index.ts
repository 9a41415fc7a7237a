export type { CompiledTarget, CompileOptions, CompileStage } from "./compile.js";
export { Engine, type TargetInfo } from "./engine.js";
export { EngineError, FrameError, ImageError, LoadError, TargetError } from "./errors.js";
export { LiveTracker, type LiveTrackerOptions, type TrackResult } from "./live_tracker.js";
export {
  compileEngineModule,
  type EngineUrls,
  hasSimd,
  instantiateEngine,
  loadEngine,
} from "./load.js";
export { WORKING_SIDE, workingSize } from "./luma.js";
export { NewestWins } from "./newest_wins.js";
export type { TransferableFrame } from "./protocol.js";
export { Tracker, type TrackerOptions } from "./tracker.js";
export { TrackingThread } from "./tracking_thread.js";
export type {
  Corners,
  DrawableFrame,
  Frame,
  Homography,
  PixelFrame,
  Point,
  Size,
  TargetPose,
  TargetState,
} from "./types.js";
export { createWorkerTracker, WorkerTracker, type WorkerTrackerOptions } from "./worker_tracker.js";
