import { type ArContent, answer, type Page } from "@arv/api-client";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging, PAGE_SIZE } from "@/lib/pages";
import { listInterval } from "../polling";
import { contentKeys } from "./keys";

interface ContentList {
  companyId: string;
  projectId: string;
  q?: string;
}

function listContents(list: ContentList, cursor?: string): Promise<Page<ArContent>> {
  const path = { company_id: list.companyId, project_id: list.projectId };
  return answer(
    api.GET("/api/v1/companies/{company_id}/projects/{project_id}/contents", {
      params: { path, query: { limit: PAGE_SIZE, q: list.q, cursor } },
    }),
  );
}

/** The contents of a project, newest first; asked again while a target is being made. */
export const contentsQuery = (list: ContentList) =>
  infiniteQueryOptions({
    queryKey: contentKeys.list(list.companyId, list.projectId, list.q),
    queryFn: ({ pageParam }) => listContents(list, pageParam),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => listInterval(query.state.data),
    ...cursorPaging,
  });
