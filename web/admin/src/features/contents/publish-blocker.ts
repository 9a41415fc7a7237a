import type { ArContent } from "@arv/api-client";

/** What still stands between a content and being published; null when nothing does. */
export type PublishBlocker = "making" | "target_failed" | "no_video";

export function publishBlocker(content: ArContent): PublishBlocker | null {
  if (content.target.status === "failed") return "target_failed";
  if (content.target.status !== "ready") return "making";
  return content.videos.length === 0 ? "no_video" : null;
}
