import type { Video } from "@arv/api-client";

/** What an ordinary player plays: the video, or a transparent one laid on white; null while nothing does. */
export function plainUrl(video: Video): string | null {
  if (video.alpha === "none") return video.url;
  return video.renditions.find((each) => each.alpha === "none")?.url ?? video.url;
}
