import type { ArContent } from "@arv/api-client";

/** What still stands between a content and being published; null when nothing does. */
export type PublishBlocker =
  | "making"
  | "target_failed"
  | "no_video"
  | "video_making"
  | "video_failed";

export function publishBlocker(content: ArContent): PublishBlocker | null {
  if (content.target.status === "failed") return "target_failed";
  if (content.target.status !== "ready") return "making";
  if (content.videos.length === 0) return "no_video";
  if (content.videos.some((video) => video.url)) return null;
  return content.videos.some((video) => video.status === "processing")
    ? "video_making"
    : "video_failed";
}
