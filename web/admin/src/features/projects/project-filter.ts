export const PROJECT_SORTS = ["-created_at", "created_at", "-updated_at", "name"] as const;
export type ProjectSort = (typeof PROJECT_SORTS)[number];

/** What narrows and orders the projects; it lives in the address. */
export interface ProjectFilter {
  q?: string;
  archived?: true;
  sort?: ProjectSort;
}

/** What an address asks for; whatever we do not know is left out. */
export function readProjectFilter(search: Record<string, unknown>): ProjectFilter {
  const { q } = search;
  const sort = PROJECT_SORTS.find((each) => each === search.sort);
  return {
    ...(((typeof q === "string" && q !== "") || typeof q === "number") && { q: String(q) }),
    ...((search.archived === true || search.archived === "true") && { archived: true }),
    ...(sort && sort !== PROJECT_SORTS[0] && { sort }),
  };
}
