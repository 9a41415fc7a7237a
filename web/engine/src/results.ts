import {
  POSE_CERTAINTY,
  POSE_FOCAL,
  POSE_TRANSLATION,
  POSE_WORDS,
  RESULT_CONFIDENCE,
  RESULT_CORNERS,
  RESULT_HOMOGRAPHY,
  RESULT_WORDS,
  STATE_DETECTED,
} from "./abi.js";
import type { Memory } from "./memory.js";
import type { Corners, Homography, Point, Size, TargetPose, TargetState } from "./types.js";

/** The first `count` entries of the result table, in pixels of `frame` although measured in `working`. */
export function readResults(
  memory: Memory,
  start: number,
  count: number,
  working: Size,
  frame: Size,
): TargetState[] {
  const scale: Point = [frame.width / working.width, frame.height / working.height];
  const states: TargetState[] = [];
  for (let i = 0; i < count; i++) {
    const at = start + i * RESULT_WORDS * 4;
    const words = memory.words(at, RESULT_WORDS);
    const floats = memory.floats(at, RESULT_WORDS);
    states.push({
      target: words[0] as number,
      state: words[1] === STATE_DETECTED ? "detected" : "tracked",
      confidence: floats[RESULT_CONFIDENCE] as number,
      corners: scaleCorners(floats.subarray(RESULT_CORNERS, RESULT_HOMOGRAPHY), scale),
      homography: scaleHomography(floats.subarray(RESULT_HOMOGRAPHY, RESULT_WORDS), scale),
    });
  }
  return states;
}

/** The pose at `start`, with the focal length in pixels of `frame`. */
export function readPose(memory: Memory, start: number, working: Size, frame: Size): TargetPose {
  const floats = memory.floats(start, POSE_WORDS);
  const at = (i: number): number => floats[i] as number;
  return {
    rotation: [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8)],
    translation: [at(POSE_TRANSLATION), at(POSE_TRANSLATION + 1), at(POSE_TRANSLATION + 2)],
    focalPx: (at(POSE_FOCAL) * frame.width) / working.width,
    certainty: at(POSE_CERTAINTY),
  };
}

/** A pixel centre in the working picture, as a pixel centre in the frame: the edges stay edges. */
function scalePoint(x: number, y: number, [sx, sy]: Point): Point {
  return sx === 1 && sy === 1 ? [x, y] : [(x + 0.5) * sx - 0.5, (y + 0.5) * sy - 0.5];
}

function scaleCorners(values: Float32Array, scale: Point): Corners {
  const corner = (i: number): Point =>
    scalePoint(values[2 * i] as number, values[2 * i + 1] as number, scale);
  return [corner(0), corner(1), corner(2), corner(3)];
}

function scaleHomography(h: Float32Array, [sx, sy]: Point): Homography {
  const [h0, h1, h2, h3, h4, h5, h6, h7, h8] = h as unknown as Homography;
  const tx = (sx - 1) / 2;
  const ty = (sy - 1) / 2;
  return [
    sx * h0 + tx * h6,
    sx * h1 + tx * h7,
    sx * h2 + tx * h8,
    sy * h3 + ty * h6,
    sy * h4 + ty * h7,
    sy * h5 + ty * h8,
    h6,
    h7,
    h8,
  ];
}
