import { answerTagged, type Project, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import type { ProjectFields } from "./create-project";
import { rememberProject } from "./remember";

function updateProject(
  project: Project,
  etag: string | undefined,
  body: ProjectFields,
): Promise<Tagged<Project>> {
  const path = { company_id: project.company_id, project_id: project.id };
  return answerTagged(
    api.PATCH("/api/v1/companies/{company_id}/projects/{project_id}", {
      params: { path, header: { "if-match": etag } },
      body,
    }),
  );
}

/** Change a project; refused when it is no longer the version `etag` names. */
export function useUpdateProject(project: Project, onUpdated: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ etag, ...fields }: Tagged<ProjectFields>) =>
      updateProject(project, etag, fields),
    onSuccess: (updated) => {
      rememberProject(queryClient, updated);
      onUpdated();
    },
  });
}
