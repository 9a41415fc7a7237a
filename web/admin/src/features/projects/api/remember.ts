import type { Project, Tagged } from "@arv/api-client";
import type { QueryClient } from "@tanstack/react-query";
import { projectKeys } from "./keys";

/** Put a project the server has just answered with into the cache, and renew the lists that show it. */
export function rememberProject(queryClient: QueryClient, project: Tagged<Project>): void {
  queryClient.setQueryData(projectKeys.one(project.company_id, project.id), project);
  void queryClient.invalidateQueries({ queryKey: projectKeys.all(project.company_id) });
}
