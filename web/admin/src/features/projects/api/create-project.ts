import { answer, type Project } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { projectKeys } from "./keys";

export interface ProjectFields {
  name: string;
  description: string;
  /** ISO dates, or null for none. */
  starts_on: string | null;
  ends_on: string | null;
  /** When the codes of everything in it stop to open; null for never. */
  expires_at: string | null;
}

function createProject(companyId: string, body: ProjectFields): Promise<Project> {
  return answer(
    api.POST("/api/v1/companies/{company_id}/projects", {
      params: { path: { company_id: companyId } },
      body,
    }),
  );
}

export function useCreateProject(companyId: string, onCreated: (project: Project) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (fields: ProjectFields) => createProject(companyId, fields),
    onSuccess: (project) => {
      queryClient.setQueryData(projectKeys.one(companyId, project.id), project);
      void queryClient.invalidateQueries({ queryKey: projectKeys.all(companyId) });
      onCreated(project);
    },
  });
}
