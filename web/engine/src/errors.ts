/**
 * What can go wrong, as classes a caller can tell apart:
 *
 *     EngineError
 *     ├── LoadError     the WebAssembly file did not arrive, or this browser can not run it
 *     ├── TargetError   a target file is broken, of an unknown version, or one too many
 *     ├── FrameError    a frame has the wrong size, or its pixels can not be read here
 *     └── ImageError    an image can not become a target (`code` says why)
 */
export class EngineError extends Error {
  override name = "EngineError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export class LoadError extends EngineError {
  override name = "LoadError";
}

export class TargetError extends EngineError {
  override name = "TargetError";
}

export class FrameError extends EngineError {
  override name = "FrameError";
}

export class ImageError extends EngineError {
  override name = "ImageError";
}
