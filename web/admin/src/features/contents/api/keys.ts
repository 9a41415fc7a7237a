/** Cache keys of a company's contents; invalidating `lists` renews every project's grid. */
export const contentKeys = {
  all: (companyId: string) => ["companies", companyId, "contents"] as const,
  lists: (companyId: string) => [...contentKeys.all(companyId), "list"] as const,
  list: (companyId: string, projectId: string, q: string | undefined) =>
    [...contentKeys.lists(companyId), projectId, q ?? ""] as const,
  one: (companyId: string, contentId: string) =>
    [...contentKeys.all(companyId), "one", contentId] as const,
};
