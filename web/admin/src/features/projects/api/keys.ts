/** Cache keys of a company's projects; invalidating `all` renews every list and page. */
export const projectKeys = {
  all: (companyId: string) => ["companies", companyId, "projects"] as const,
  list: (companyId: string, q: string | undefined) =>
    [...projectKeys.all(companyId), "list", q ?? ""] as const,
  one: (companyId: string, projectId: string) =>
    [...projectKeys.all(companyId), "one", projectId] as const,
};
