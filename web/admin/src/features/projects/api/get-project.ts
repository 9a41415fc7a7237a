import { answerTagged, type Project, type Tagged } from "@arv/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { projectKeys } from "./keys";

function getProject(companyId: string, projectId: string): Promise<Tagged<Project>> {
  const path = { company_id: companyId, project_id: projectId };
  return answerTagged(
    api.GET("/api/v1/companies/{company_id}/projects/{project_id}", { params: { path } }),
  );
}

export const projectQuery = (companyId: string, projectId: string) =>
  queryOptions({
    queryKey: projectKeys.one(companyId, projectId),
    queryFn: () => getProject(companyId, projectId),
  });
