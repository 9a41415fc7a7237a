import { answer, type Page, type Project } from "@arv/api-client";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging, PAGE_SIZE } from "@/lib/pages";
import type { ProjectFilter } from "../project-filter";
import { projectKeys } from "./keys";

function listProjects(
  companyId: string,
  filter: ProjectFilter,
  cursor?: string,
): Promise<Page<Project>> {
  const path = { company_id: companyId };
  return answer(
    api.GET("/api/v1/companies/{company_id}/projects", {
      params: { path, query: { limit: PAGE_SIZE, cursor, ...filter } },
    }),
  );
}

/** The projects a filter leaves, newest first unless it says otherwise. */
export const projectsQuery = (companyId: string, filter: ProjectFilter) =>
  infiniteQueryOptions({
    queryKey: projectKeys.list(companyId, filter),
    queryFn: ({ pageParam }) => listProjects(companyId, filter, pageParam),
    placeholderData: keepPreviousData,
    ...cursorPaging,
  });
