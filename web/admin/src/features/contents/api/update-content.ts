import { type ArContent, answer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

interface ContentChange {
  title?: string;
  default_video_id?: string;
}

function updateContent(content: ArContent, body: ContentChange): Promise<ArContent> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answer(
    api.PATCH("/api/v1/companies/{company_id}/contents/{content_id}", { params: { path }, body }),
  );
}

/** Rename the content, or choose the video that plays. */
export function useUpdateContent(content: ArContent, onUpdated?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: ContentChange) => updateContent(content, change),
    onSuccess: (changed) => {
      rememberContent(queryClient, changed);
      onUpdated?.();
    },
  });
}
