import type { ArContent, Page, TargetStatus } from "@arv/api-client";
import { paced } from "@/lib/live";

/** How often a target that is being made is asked about, milliseconds. */
const ONE_MS = 700;
const LIST_MS = 2000;

/** A target in one of these states changes no more by itself. */
export function isSettled(status: TargetStatus): boolean {
  return status === "ready" || status === "failed";
}

/** The `refetchInterval` of one content: false as soon as nothing of it is being made. */
export function contentInterval(content: ArContent | undefined): number | false {
  return content && isMaking(content) ? paced(ONE_MS) : false;
}

/** Whether the target in use, the one that will take its place, or a video is on its way. */
function isMaking({ target, replacement, videos }: ArContent): boolean {
  return (
    !isSettled(target.status) ||
    (!!replacement && !isSettled(replacement.target.status)) ||
    videos.some((video) => video.status === "processing")
  );
}

/** The `refetchInterval` of a grid: false when every target in it is settled. */
export function listInterval(data: { pages: Page<ArContent>[] } | undefined): number | false {
  const making = data?.pages.some((page) => page.items.some(isMaking));
  return making ? paced(LIST_MS) : false;
}
