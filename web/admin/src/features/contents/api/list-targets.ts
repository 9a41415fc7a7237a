import { type ArContent, answer, type Page, type TargetVersion } from "@arv/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { contentKeys } from "./keys";

const NEWEST_VERSIONS = 20;

function listTargets(content: ArContent): Promise<Page<TargetVersion>> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answer(
    api.GET("/api/v1/companies/{company_id}/contents/{content_id}/targets", {
      params: { path, query: { limit: NEWEST_VERSIONS } },
    }),
  );
}

/** The newest targets the content has had; another list as soon as another one is in use or being made. */
export const targetsQuery = (content: ArContent) =>
  queryOptions({
    queryKey: [
      ...contentKeys.targets(content.company_id, content.id),
      content.target.version,
      content.replacement?.target.version,
      content.replacement?.target.status,
    ],
    queryFn: () => listTargets(content),
    placeholderData: (before: Page<TargetVersion> | undefined) => before,
  });
