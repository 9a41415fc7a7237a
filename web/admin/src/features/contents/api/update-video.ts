import { type ArContent, answer, type Tagged, type Video } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { renewContent, renewOnConflict } from "./remember";

interface VideoChange {
  videoId: string;
  name?: string;
  /** The file that plays from now on, under the same id. */
  upload_id?: string;
}

function updateVideo(
  content: Tagged<ArContent>,
  { videoId, ...body }: VideoChange,
): Promise<Video> {
  const path = { company_id: content.company_id, content_id: content.id, video_id: videoId };
  return answer(
    api.PATCH("/api/v1/companies/{company_id}/contents/{content_id}/videos/{video_id}", {
      params: { path, header: { "if-match": content.etag } },
      body,
    }),
  );
}

/** Rename a video, or play another file in its place; refused when somebody changed the content meanwhile. */
export function useUpdateVideo(content: Tagged<ArContent>, onUpdated: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: VideoChange) => updateVideo(content, change),
    onError: (error) => renewOnConflict(queryClient, content, error),
    onSuccess: async () => {
      await renewContent(queryClient, content);
      onUpdated();
    },
  });
}
