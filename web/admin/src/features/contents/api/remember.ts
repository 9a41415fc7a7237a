import type { ArContent } from "@arv/api-client";
import type { QueryClient } from "@tanstack/react-query";
import { contentKeys } from "./keys";

/** Put a content the server has just answered with into the cache, and renew the grids that show it. */
export function rememberContent(queryClient: QueryClient, content: ArContent): void {
  queryClient.setQueryData(contentKeys.one(content.company_id, content.id), content);
  renewLists(queryClient, content.company_id);
}

/** Renew the grids, and the project cards, whose counts and covers come from contents. */
export function renewLists(queryClient: QueryClient, companyId: string): void {
  void queryClient.invalidateQueries({ queryKey: contentKeys.lists(companyId) });
  void queryClient.invalidateQueries({ queryKey: ["companies", companyId, "projects"] });
}
