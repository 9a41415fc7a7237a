/** The exports of `arv_engine.wasm`, exactly as `engine/include/arv_engine.h` declares them. */
export interface ArvExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  arv_abi_version(): number;
  arv_simd(): number;
  arv_alloc(size: number): number;
  arv_free(pointer: number): void;
  arv_memory_used(): number;
  arv_compile_begin(
    grey: number,
    width: number,
    height: number,
    sourceWidth: number,
    sourceHeight: number,
  ): number;
  arv_compile_step(handle: number): number;
  arv_compile_stage(handle: number): number;
  arv_compile_data(handle: number): number;
  arv_compile_size(handle: number): number;
  arv_compile_report(handle: number): number;
  arv_compile_free(handle: number): void;
  arv_target_info(target: number, size: number, info: number): number;
  arv_tracker_new(width: number, height: number, maxTargets: number): number;
  arv_tracker_add(tracker: number, target: number, size: number): number;
  arv_tracker_frame_grey(tracker: number): number;
  arv_tracker_frame_rgba(tracker: number): number;
  arv_tracker_process(tracker: number, format: number, timeMs: number): number;
  arv_tracker_results(tracker: number): number;
  arv_tracker_pose(tracker: number, target: number): number;
  arv_tracker_reset(tracker: number): number;
  arv_tracker_option(tracker: number, option: number, value: number): number;
  arv_tracker_free(tracker: number): void;
}

export const ABI_VERSION = 1;
export const FORMAT_GREY = 0;
export const FORMAT_RGBA = 1;
export const STATE_DETECTED = 1;
export const OPTION_SMOOTHING = 0;
export const OPTION_MAX_TRACKED = 1;
export const OPTION_FOCAL = 2;

/** ArvResult: int32 target, int32 state, float confidence, float corners[8], float homography[9]. */
export const RESULT_WORDS = 20;
export const RESULT_CONFIDENCE = 2;
export const RESULT_CORNERS = 3;
export const RESULT_HOMOGRAPHY = 11;

/** ArvPose: float rotation[9], float translation[3], float focal, float certainty. */
export const POSE_WORDS = 14;
export const POSE_TRANSLATION = 9;
export const POSE_FOCAL = 12;
export const POSE_CERTAINTY = 13;

/** ArvTargetInfo: int32 version, width, height, features, patches, score. */
export const TARGET_INFO_BYTES = 24;

/** ArvReport: the first 14 words, then `checks`, then the heat map. */
export const REPORT_SCORE = 0;
export const REPORT_FEATURES = 1;
export const REPORT_PATCHES = 2;

const MESSAGES: Record<number, readonly [code: string, message: string]> = {
  [-1]: ["argument", "a size or a handle is out of range"],
  [-2]: ["memory", "the engine's memory limit is reached"],
  [-3]: ["too_small", "the picture is too small or too narrow: 64 pixels a side, at most 20 : 1"],
  [-4]: ["too_large", "the picture has more than 50 megapixels"],
  [-5]: ["no_texture", "there is too little in this picture to recognise it by"],
  [-6]: ["format", "not a target file, or a broken one"],
  [-7]: ["version", "the target file was made by a newer version of the engine"],
  [-8]: ["full", "as many targets as the tracker was made for are loaded already"],
};

/** Code and sentence for a negative ArvError. */
export function describeError(error: number): readonly [code: string, message: string] {
  return MESSAGES[error] ?? ["unknown", `the engine answered ${error}`];
}
