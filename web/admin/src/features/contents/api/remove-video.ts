import { type ArContent, answer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { contentKeys } from "./keys";

function removeVideo(content: ArContent, videoId: string) {
  const path = { company_id: content.company_id, content_id: content.id, video_id: videoId };
  return answer(
    api.DELETE("/api/v1/companies/{company_id}/contents/{content_id}/videos/{video_id}", {
      params: { path },
    }),
  );
}

export function useRemoveVideo(content: ArContent, onRemoved: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (videoId: string) => removeVideo(content, videoId),
    onSuccess: async () => {
      const queryKey = contentKeys.one(content.company_id, content.id);
      await queryClient.invalidateQueries({ queryKey });
      onRemoved();
    },
  });
}
