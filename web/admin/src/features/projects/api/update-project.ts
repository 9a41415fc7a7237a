import { answer, type Project } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import type { ProjectFields } from "./create-project";
import { projectKeys } from "./keys";

function updateProject(project: Project, body: ProjectFields): Promise<Project> {
  const path = { company_id: project.company_id, project_id: project.id };
  return answer(
    api.PATCH("/api/v1/companies/{company_id}/projects/{project_id}", { params: { path }, body }),
  );
}

export function useUpdateProject(project: Project, onUpdated: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (fields: ProjectFields) => updateProject(project, fields),
    onSuccess: (updated) => {
      queryClient.setQueryData(projectKeys.one(project.company_id, project.id), updated);
      void queryClient.invalidateQueries({ queryKey: projectKeys.all(project.company_id) });
      onUpdated();
    },
  });
}
