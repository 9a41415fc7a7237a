import { type ArContent, answer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

interface NewContent {
  title: string;
  image_upload_id: string;
  video_upload_id: string | null;
}

interface Place {
  companyId: string;
  projectId: string;
}

function createContent(place: Place, body: NewContent): Promise<ArContent> {
  const path = { company_id: place.companyId, project_id: place.projectId };
  return answer(
    api.POST("/api/v1/companies/{company_id}/projects/{project_id}/contents", {
      params: { path },
      body,
    }),
  );
}

export function useCreateContent(place: Place, onCreated: (content: ArContent) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (fields: NewContent) => createContent(place, fields),
    onSuccess: (content) => {
      rememberContent(queryClient, content);
      onCreated(content);
    },
  });
}
