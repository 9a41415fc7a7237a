/** x to the right, y down, in pixels; integers are pixel centres, so an image spans -0.5 .. width - 0.5. */
export type Point = readonly [x: number, y: number];

/** Top-left, top-right, bottom-right, bottom-left of the printed image, as it is seen. */
export type Corners = readonly [Point, Point, Point, Point];

/** Row-major 3 x 3, target pixel to frame pixel. */
export type Homography = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** One target seen in one frame. Targets that are not seen are not listed. */
export interface TargetState {
  /** Index of the target in the order the targets were given. */
  readonly target: number;
  /** `detected` in the frame where it was found, `tracked` in the frames after it. */
  readonly state: "detected" | "tracked";
  /** 0..1, from correlation and inliers. */
  readonly confidence: number;
  readonly corners: Corners;
  readonly homography: Homography;
}

/**
 * Where a target stands before the camera: a point X of it is at `rotation * X + translation`. The camera looks along
 * +z, x to the right, y down. The target lies in z = 0 with its centre at the origin, x to its right and y to its
 * bottom edge; one unit is its width, z points into the print. For WebGL turn both spaces by 180 degrees about x.
 */
export interface TargetPose {
  /** Row-major 3 x 3. */
  readonly rotation: Homography;
  /** Target widths. */
  readonly translation: readonly [x: number, y: number, z: number];
  /** Focal length in pixels of the frames handed in; the camera's axis goes through their middle. */
  readonly focalPx: number;
  /** Of the focal length: 0 is the assumption of 60 degrees across the longer side, 1 known and fixed. */
  readonly certainty: number;
}

/** Raw pixels, rows without padding. `grey` has one byte a pixel, `rgba` four. */
export interface PixelFrame {
  readonly format: "grey" | "rgba";
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Whatever can be drawn on a 2D canvas and knows its size. */
export type DrawableFrame =
  | VideoFrame
  | ImageBitmap
  | HTMLVideoElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement;

export type Frame = PixelFrame | ImageData | DrawableFrame;

export interface Size {
  readonly width: number;
  readonly height: number;
}
