import { answerTagged, type Project, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberProject } from "./remember";

function archiveProject(project: Project): Promise<Tagged<Project>> {
  const path = { company_id: project.company_id, project_id: project.id };
  return answerTagged(
    api.POST("/api/v1/companies/{company_id}/projects/{project_id}/archive", { params: { path } }),
  );
}

/** Put a project out of the way; what is published in it stays open. */
export function useArchiveProject(project: Project, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => archiveProject(project),
    onSuccess: (changed) => {
      rememberProject(queryClient, changed);
      onDone();
    },
  });
}
