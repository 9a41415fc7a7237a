import { answer, type Page, type Project } from "@arv/api-client";
import { keepPreviousData, queryOptions, useQueries } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { projectQuery } from "./get-project";
import { projectKeys } from "./keys";

/** As many as a person looks through before typing a name. */
const NAMES_AT_ONCE = 50;

function listNames(companyId: string, q: string): Promise<Page<Project>> {
  const path = { company_id: companyId };
  const query = { limit: NAMES_AT_ONCE, sort: "name", ...(q && { q }) } as const;
  return answer(api.GET("/api/v1/companies/{company_id}/projects", { params: { path, query } }));
}

/** The projects in use whose names match, by name. */
export const projectNamesQuery = (companyId: string, q: string) =>
  queryOptions({
    queryKey: projectKeys.names(companyId, q),
    queryFn: () => listNames(companyId, q),
    placeholderData: keepPreviousData,
  });

/** The name of each of these projects, archived ones too; undefined until it is known. */
export function useProjectNames(companyId: string, ids: readonly string[]) {
  const wanted = [...new Set(ids)];
  const found = useQueries({
    queries: wanted.map((id) => ({ ...projectQuery(companyId, id), staleTime: 300_000 })),
  });
  const names = new Map(wanted.map((id, index) => [id, found[index]?.data?.name]));
  return (id: string) => names.get(id);
}
