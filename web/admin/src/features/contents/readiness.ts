/** What an uploaded file is, seen from the form that needs it. */
export type FilePlace =
  | { kind: "none" }
  | { kind: "coming" }
  | { kind: "stuck" }
  | { kind: "stored"; uploadId: string };

export type Hint = "photo" | "photo_stuck" | "video_stuck" | "title" | "video_later" | "go";

/** Whether a content can be created now, when the files have arrived, or not with what there is. */
export type Readiness =
  | { kind: "missing"; hint: Hint }
  | { kind: "waiting"; hint: Hint }
  | { kind: "ready"; hint: Hint; image: string; video: string | null };

export function readiness(title: string, photo: FilePlace, video: FilePlace): Readiness {
  if (photo.kind === "none") return { kind: "missing", hint: "photo" };
  if (photo.kind === "stuck") return { kind: "missing", hint: "photo_stuck" };
  if (video.kind === "stuck") return { kind: "missing", hint: "video_stuck" };
  if (title === "") return { kind: "missing", hint: "title" };
  const hint = video.kind === "none" ? "video_later" : "go";
  if (photo.kind === "coming" || video.kind === "coming") return { kind: "waiting", hint };
  return {
    kind: "ready",
    hint,
    image: photo.uploadId,
    video: video.kind === "stored" ? video.uploadId : null,
  };
}
