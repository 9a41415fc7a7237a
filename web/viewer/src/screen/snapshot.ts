import type { Size } from "@arv/engine";
import { isMasked } from "../stage/alpha_layer.js";
import type { Stage } from "../stage/stage.js";
import { unmask } from "../stage/unmask.js";
import { paintOnPrint } from "../stage/warp.js";

/** The screen as one picture: the camera's frame with the video painted on the print. */
export function takeSnapshot(stage: Stage, video: HTMLVideoElement, print: Size): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = stage.canvas.width;
  canvas.height = stage.canvas.height;
  const context = contextOf(canvas);
  context.drawImage(stage.canvas, 0, 0);
  if (stage.corners && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
    const frame = context.getImageData(0, 0, canvas.width, canvas.height);
    const picture = pixelsOf(video);
    paintOnPrint(frame, isMasked(video) ? unmask(picture) : picture, stage.corners, print);
    context.putImageData(frame, 0, 0);
  }
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error("no picture")));
    canvas.toBlob(done, "image/jpeg", 0.92);
  });
}

/** Hands the picture to the phone's share sheet, or saves it; says whether it was saved. */
export async function sharePicture(picture: Blob, title: string): Promise<"shared" | "saved"> {
  const file = new File([picture], `${fileName(title)}.jpg`, { type: picture.type });
  if (navigator.canShare?.({ files: [file] })) {
    const shared = await navigator.share({ files: [file], title }).then(
      () => true,
      // Closing the share sheet is an answer, not a failure.
      (error: unknown) => error instanceof DOMException && error.name === "AbortError",
    );
    if (shared) return "shared";
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return "saved";
}

function pixelsOf(video: HTMLVideoElement): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = contextOf(canvas);
  context.drawImage(video, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  return canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
}

function fileName(title: string): string {
  return title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "arv";
}
