import { type ArContent, answer, type ChromaKey, type Tagged, type Video } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { renewContent, renewOnConflict } from "./remember";

function setChromaKey(content: Tagged<ArContent>, videoId: string, key: ChromaKey): Promise<Video> {
  const path = { company_id: content.company_id, content_id: content.id, video_id: videoId };
  return answer(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/videos/{video_id}/chroma-key", {
      params: { path, header: { "if-match": content.etag } },
      body: key,
    }),
  );
}

function removeChromaKey(content: Tagged<ArContent>, videoId: string): Promise<Video> {
  const path = { company_id: content.company_id, content_id: content.id, video_id: videoId };
  return answer(
    api.DELETE(
      "/api/v1/companies/{company_id}/contents/{content_id}/videos/{video_id}/chroma-key",
      { params: { path, header: { "if-match": content.etag } } },
    ),
  );
}

/** Make a colour of the video transparent, or with `null` show it as it was sent; it plays as it is until that is done. */
export function useSetChromaKey(content: Tagged<ArContent>, videoId: string, onSet: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (key: ChromaKey | null) =>
      key ? setChromaKey(content, videoId, key) : removeChromaKey(content, videoId),
    onError: (error) => renewOnConflict(queryClient, content, error),
    onSuccess: async () => {
      await renewContent(queryClient, content);
      onSet();
    },
  });
}
