import { type ArContent, Problem, type Tagged } from "@arv/api-client";
import type { QueryClient } from "@tanstack/react-query";
import { contentKeys } from "./keys";

/** Put a content the server has just answered with into the cache, and renew the lists that show it. */
export function rememberContent(queryClient: QueryClient, content: Tagged<ArContent>): void {
  queryClient.setQueryData(contentKeys.one(content.company_id, content.id), content);
  renewLists(queryClient, content.company_id);
}

/** Renew the lists, and the project cards, whose counts and covers come from contents. */
export function renewLists(queryClient: QueryClient, companyId: string): void {
  void queryClient.invalidateQueries({ queryKey: contentKeys.lists(companyId) });
  void queryClient.invalidateQueries({ queryKey: ["companies", companyId, "projects"] });
}

/** Somebody else was first: show what they made of it. */
export function renewOnConflict(
  queryClient: QueryClient,
  content: ArContent,
  error: unknown,
): void {
  if (error instanceof Problem && error.code === "precondition_failed") {
    void renewContent(queryClient, content);
  }
}

export function renewContent(queryClient: QueryClient, content: ArContent): Promise<void> {
  const queryKey = contentKeys.one(content.company_id, content.id);
  return queryClient.invalidateQueries({ queryKey });
}
