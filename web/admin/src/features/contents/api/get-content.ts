import { type ArContent, answerTagged, type Tagged } from "@arv/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { contentInterval } from "../polling";
import { contentKeys } from "./keys";

function getContent(companyId: string, contentId: string): Promise<Tagged<ArContent>> {
  const path = { company_id: companyId, content_id: contentId };
  return answerTagged(
    api.GET("/api/v1/companies/{company_id}/contents/{content_id}", { params: { path } }),
  );
}

/** One content; asked again while its target, or that of its next image, is being made. */
export const contentQuery = (companyId: string, contentId: string) =>
  queryOptions({
    queryKey: contentKeys.one(companyId, contentId),
    queryFn: () => getContent(companyId, contentId),
    refetchInterval: (query) => contentInterval(query.state.data),
  });
