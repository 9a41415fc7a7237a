/** Cache keys of a company's imports. */
export const importKeys = {
  all: (companyId: string) => ["companies", companyId, "imports"] as const,
  list: (companyId: string) => [...importKeys.all(companyId), "list"] as const,
  one: (companyId: string, importId: string) =>
    [...importKeys.all(companyId), "one", importId] as const,
  check: (companyId: string, projectId: string, table: string, round: number) =>
    [...importKeys.all(companyId), "check", projectId, table, round] as const,
};
