import { type ArContent, answer } from "@arv/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { contentInterval } from "../polling";
import { contentKeys } from "./keys";

function getContent(companyId: string, contentId: string): Promise<ArContent> {
  const path = { company_id: companyId, content_id: contentId };
  return answer(
    api.GET("/api/v1/companies/{company_id}/contents/{content_id}", { params: { path } }),
  );
}

/** One content; asked again while its target is being made. */
export const contentQuery = (companyId: string, contentId: string) =>
  queryOptions({
    queryKey: contentKeys.one(companyId, contentId),
    queryFn: () => getContent(companyId, contentId),
    refetchInterval: (query) => contentInterval(query.state.data),
  });
