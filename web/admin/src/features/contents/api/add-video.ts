import { type ArContent, answer, type Video } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { contentKeys } from "./keys";

function addVideo(content: ArContent, uploadId: string): Promise<Video> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answer(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/videos", {
      params: { path },
      body: { upload_id: uploadId },
    }),
  );
}

/** Add a video that has been uploaded. */
export function useAddVideo(content: ArContent, onAdded: (video: Video) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (uploadId: string) => addVideo(content, uploadId),
    onSuccess: async (video) => {
      const queryKey = contentKeys.one(content.company_id, content.id);
      await queryClient.invalidateQueries({ queryKey });
      onAdded(video);
    },
  });
}
