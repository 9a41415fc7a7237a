import { type ArContent, answer, type Page } from "@arv/api-client";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging, PAGE_SIZE } from "@/lib/pages";
import { type ContentFilter, filterQuery } from "../content-filter";
import { listInterval } from "../polling";
import { contentKeys } from "./keys";

function listContents(
  companyId: string,
  filter: ContentFilter,
  cursor?: string,
): Promise<Page<ArContent>> {
  return answer(
    api.GET("/api/v1/companies/{company_id}/contents", {
      params: {
        path: { company_id: companyId },
        query: { limit: PAGE_SIZE, cursor, ...filterQuery(filter) },
      },
    }),
  );
}

/** The contents a filter leaves, newest first unless it says otherwise; asked again while a target is made. */
export const contentsQuery = (companyId: string, filter: ContentFilter) =>
  infiniteQueryOptions({
    queryKey: contentKeys.list(companyId, filter),
    queryFn: ({ pageParam }) => listContents(companyId, filter, pageParam),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => listInterval(query.state.data),
    ...cursorPaging,
  });

/** Where all contents of the company, or of one project, are downloaded as a table. */
export function contentsTableUrl(companyId: string, projectId?: string): string {
  const query = projectId ? `?${new URLSearchParams({ project_id: projectId })}` : "";
  return `/api/v1/companies/${companyId}/contents.csv${query}`;
}
