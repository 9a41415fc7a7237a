import { type ArContent, answer, type Video } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { renewContent } from "./remember";

function retryVideo(content: ArContent, videoId: string): Promise<Video> {
  const path = { company_id: content.company_id, content_id: content.id, video_id: videoId };
  return answer(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/videos/{video_id}/retry", {
      params: { path },
    }),
  );
}

/** Make a video ready once more after it failed. */
export function useRetryVideo(content: ArContent) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (videoId: string) => retryVideo(content, videoId),
    onSuccess: () => renewContent(queryClient, content),
  });
}
