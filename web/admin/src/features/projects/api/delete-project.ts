import { answer, type Project } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { projectKeys } from "./keys";

function deleteProject(project: Project) {
  const path = { company_id: project.company_id, project_id: project.id };
  return answer(
    api.DELETE("/api/v1/companies/{company_id}/projects/{project_id}", { params: { path } }),
  );
}

export function useDeleteProject(project: Project, onDeleted: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => deleteProject(project),
    onSuccess: () => {
      onDeleted();
      queryClient.removeQueries({ queryKey: projectKeys.one(project.company_id, project.id) });
      void queryClient.invalidateQueries({ queryKey: projectKeys.all(project.company_id) });
    },
  });
}
