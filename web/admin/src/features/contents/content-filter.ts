import type { ContentStatus, TargetStatus } from "@arv/api-client";

export const STATUSES = ["draft", "published", "expired"] as const satisfies ContentStatus[];
export const TARGETS = ["ready", "compiling", "queued", "failed"] as const satisfies TargetStatus[];
export const ENDS = ["soon"] as const;
export const VIDEOS = ["with", "without"] as const;
export const SORTS = ["-created_at", "created_at", "-updated_at", "title"] as const;

const SOON_MS = 30 * 86_400_000;

export type ContentSort = (typeof SORTS)[number];

/** What narrows and orders a list of contents; it lives in the address, so every field may be missing. */
export interface ContentFilter {
  q?: string;
  status?: ContentStatus;
  target?: TargetStatus;
  project?: string;
  video?: (typeof VIDEOS)[number];
  ends?: (typeof ENDS)[number];
  archived?: true;
  sort?: ContentSort;
}

/** What an address asks for. Whatever it says that we do not know is left out. */
export function readContentFilter(
  search: { [key in keyof ContentFilter]?: unknown },
): ContentFilter {
  const found: ContentFilter = {
    q: words(search.q),
    status: oneOf(STATUSES, search.status),
    target: oneOf(TARGETS, search.target),
    project: words(search.project),
    video: oneOf(VIDEOS, search.video),
    ends: oneOf(ENDS, search.ends),
    archived: search.archived === true || search.archived === "true" ? true : undefined,
    sort: oneOf(SORTS, search.sort),
  };
  if (found.sort === SORTS[0]) found.sort = undefined;
  return without(found);
}

/** The same in the API's words. */
export function filterQuery(filter: ContentFilter, now = Date.now()) {
  const soon = filter.ends === "soon";
  return without({
    q: filter.q,
    // What is over does not end any more.
    status: filter.status ?? (soon ? ("published" as const) : undefined),
    ends_before: soon ? new Date(now + SOON_MS).toISOString() : undefined,
    target_status: filter.target,
    project_id: filter.project,
    has_video: filter.video && filter.video === "with",
    archived: filter.archived,
    sort: filter.sort,
  });
}

/** Whether something is left out of the list, beyond which of both lists it is. */
export function isNarrowed({ q, status, target, project, video, ends }: ContentFilter): boolean {
  return [q, status, target, project, video, ends].some((value) => value !== undefined);
}

/** How many of the choices below the search are made. */
export function choicesMade({ status, target, project, video, ends, sort }: ContentFilter): number {
  return [status, target, project, video, ends, sort].filter((value) => value !== undefined).length;
}

export function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((each) => each === value);
}

/** An address turns digits into a number; a search for them is words all the same. */
function words(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function without<T extends object>(fields: T): T {
  const told = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(told) as T;
}
