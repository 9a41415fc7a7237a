import type { UploadPurpose } from "@arv/api-client";

/** What the file dialog offers. Extensions too: systems that do not know HEIC give it no type. */
export const ACCEPT: Record<UploadPurpose, string> = {
  image: "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif",
  video:
    "video/mp4,video/quicktime,video/webm,video/x-matroska,video/x-msvideo,.mp4,.m4v,.mov,.webm,.mkv,.avi",
};

export type Refusal = "unsupported_media_type" | "file_empty";

/**
 * Why a file need not even be sent, or null. The server judges the content, and knows before the first byte
 * how large a file the company's plan allows; this is only the obvious.
 */
export function refusalOf(file: File, purpose: UploadPurpose): Refusal | null {
  if (file.size === 0) return "file_empty";
  return purposeOf(file) === otherPurpose(purpose) || isForeign(file)
    ? "unsupported_media_type"
    : null;
}

/** What a file seems to be for, by the type the system gives it or its name; null when neither says. */
export function purposeOf(file: File): UploadPurpose | null {
  if (file.type.startsWith("image/") || /\.(jpe?g|png|webp|hei[cf])$/i.test(file.name))
    return "image";
  if (file.type.startsWith("video/") || /\.(mp4|m4v|mov|webm|mkv|avi)$/i.test(file.name))
    return "video";
  return null;
}

/** The first file for each purpose in what was dropped or pasted. */
export function sortFiles(files: Iterable<File>): Partial<Record<UploadPurpose, File>> {
  const sorted: Partial<Record<UploadPurpose, File>> = {};
  for (const file of files) {
    const purpose = purposeOf(file);
    if (purpose) sorted[purpose] ??= file;
  }
  return sorted;
}

/** A name such as "IMG_2041.final.jpg" as a title: "IMG 2041 final". */
export function titleFrom(filename: string): string {
  return filename
    .replace(/\.[^.]{1,5}$/, "")
    .replace(/[_.\s-]+/g, " ")
    .trim();
}

function otherPurpose(purpose: UploadPurpose): UploadPurpose {
  return purpose === "image" ? "video" : "image";
}

function isForeign(file: File): boolean {
  return purposeOf(file) === null && file.type !== "" && file.type !== "application/octet-stream";
}
