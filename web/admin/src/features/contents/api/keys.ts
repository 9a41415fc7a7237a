import type { ContentFilter } from "../content-filter";

/** Cache keys of a company's contents; invalidating `lists` renews every list of them. */
export const contentKeys = {
  all: (companyId: string) => ["companies", companyId, "contents"] as const,
  lists: (companyId: string) => [...contentKeys.all(companyId), "list"] as const,
  list: (companyId: string, filter: ContentFilter) =>
    [...contentKeys.lists(companyId), filter] as const,
  one: (companyId: string, contentId: string) =>
    [...contentKeys.all(companyId), "one", contentId] as const,
  targets: (companyId: string, contentId: string) =>
    [...contentKeys.all(companyId), "targets", contentId] as const,
};
