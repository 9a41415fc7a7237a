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
