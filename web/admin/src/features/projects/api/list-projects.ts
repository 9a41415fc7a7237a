import { answer, type Page, type Project } from "@arv/api-client";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging, PAGE_SIZE } from "@/lib/pages";
import { projectKeys } from "./keys";

function listProjects(companyId: string, q?: string, cursor?: string): Promise<Page<Project>> {
  const path = { company_id: companyId };
  return answer(
    api.GET("/api/v1/companies/{company_id}/projects", {
      params: { path, query: { limit: PAGE_SIZE, q, cursor } },
    }),
  );
}

export const projectsQuery = (companyId: string, q?: string) =>
  infiniteQueryOptions({
    queryKey: projectKeys.list(companyId, q),
    queryFn: ({ pageParam }) => listProjects(companyId, q, pageParam),
    placeholderData: keepPreviousData,
    ...cursorPaging,
  });
