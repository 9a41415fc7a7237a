import type { ProjectFilter } from "../project-filter";

/** Cache keys of a company's projects; invalidating `all` renews every list and page. */
export const projectKeys = {
  all: (companyId: string) => ["companies", companyId, "projects"] as const,
  list: (companyId: string, filter: ProjectFilter) =>
    [...projectKeys.all(companyId), "list", filter] as const,
  names: (companyId: string, q: string) => [...projectKeys.all(companyId), "names", q] as const,
  one: (companyId: string, projectId: string) =>
    [...projectKeys.all(companyId), "one", projectId] as const,
};
