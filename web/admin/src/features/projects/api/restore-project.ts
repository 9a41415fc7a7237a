import { answerTagged, type Project, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberProject } from "./remember";

function restoreProject(project: Project): Promise<Tagged<Project>> {
  const path = { company_id: project.company_id, project_id: project.id };
  return answerTagged(
    api.POST("/api/v1/companies/{company_id}/projects/{project_id}/restore", { params: { path } }),
  );
}

/** Take a project out of the archive. */
export function useRestoreProject(project: Project, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => restoreProject(project),
    onSuccess: (changed) => {
      rememberProject(queryClient, changed);
      onDone();
    },
  });
}
