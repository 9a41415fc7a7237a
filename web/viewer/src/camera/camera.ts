import type { FailedCause } from "../state/viewer_state.js";

/** The camera did not start; `cause` says which of the viewer's answers fits. */
export class CameraError extends Error {
  override name = "CameraError";
  readonly reason: FailedCause;

  constructor(cause: FailedCause, options?: ErrorOptions) {
    super(`camera: ${cause}`, options);
    this.reason = cause;
  }
}

/** A picture as the camera takes it: browsers otherwise crop and scale one to the size that is asked for. */
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: {
    facingMode: { ideal: "environment" },
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
    // Not yet in the DOM typings: https://www.w3.org/TR/mediacapture-extensions/#resizemode
    resizeMode: { ideal: "none" },
  } as MediaTrackConstraints,
};

/** Whether the camera may be opened at once, must be asked for, or was refused. */
export async function cameraPermission(): Promise<PermissionState> {
  try {
    const status = await navigator.permissions.query({ name: "camera" as PermissionName });
    return status.state;
  } catch {
    // Browsers that can not be asked: explain first, then let the browser ask.
    return "prompt";
  }
}

/** The running camera. */
export class Camera {
  readonly video: HTMLVideoElement;
  readonly #track: MediaStreamTrack;

  private constructor(video: HTMLVideoElement, track: MediaStreamTrack) {
    this.video = video;
    this.#track = track;
  }

  /** Opens the camera that looks away from the person and plays it in `video`; throws `CameraError`. */
  static async open(video: HTMLVideoElement, onEnded: () => void): Promise<Camera> {
    const stream = await navigator.mediaDevices.getUserMedia(WANTED).catch((error: unknown) => {
      throw new CameraError(causeOf(error), { cause: error });
    });
    const [track] = stream.getVideoTracks();
    if (!track) throw new CameraError("no_camera");
    track.addEventListener("ended", onEnded);
    video.srcObject = stream;
    await video.play().catch((error: unknown) => {
      throw new CameraError("camera_error", { cause: error });
    });
    focusContinuously(track);
    return new Camera(video, track);
  }

  get hasTorch(): boolean {
    return capabilitiesOf(this.#track).torch === true;
  }

  /** Switches the lamp; resolves to what it is afterwards. */
  async setTorch(on: boolean): Promise<boolean> {
    try {
      await this.#track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
      return on;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#track.stop();
    this.video.srcObject = null;
  }
}

/** Not yet in the DOM typings: https://www.w3.org/TR/image-capture/#mediatrackcapabilities-section */
interface ImageCapabilities {
  readonly torch?: boolean;
  readonly focusMode?: readonly string[];
}

function capabilitiesOf(track: MediaStreamTrack): ImageCapabilities {
  return (track.getCapabilities?.() ?? {}) as ImageCapabilities;
}

/** Some phones focus once and stay there; a print comes closer and goes away. */
function focusContinuously(track: MediaStreamTrack): void {
  if (!capabilitiesOf(track).focusMode?.includes("continuous")) return;
  const wish = { focusMode: "continuous" } as MediaTrackConstraintSet;
  track.applyConstraints({ advanced: [wish] }).catch(() => {
    // A camera that announces the mode and refuses it still gives a picture.
  });
}

/** https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia, the list of rejections. */
function causeOf(error: unknown): FailedCause {
  switch (error instanceof DOMException ? error.name : "") {
    case "NotAllowedError":
    case "SecurityError":
      return "permission_denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "no_camera";
    case "NotReadableError":
    case "AbortError":
      return "camera_busy";
    default:
      return "camera_error";
  }
}
