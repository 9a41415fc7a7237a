import { type ArContent, answerTagged, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent, renewOnConflict } from "./remember";

function reorderVideos(content: Tagged<ArContent>, ids: string[]): Promise<Tagged<ArContent>> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answerTagged(
    api.PUT("/api/v1/companies/{company_id}/contents/{content_id}/videos/order", {
      params: { path, header: { "if-match": content.etag } },
      body: { video_ids: ids },
    }),
  );
}

/** Put the videos into another order; refused when somebody changed them after `content` was read. */
export function useReorderVideos(content: Tagged<ArContent>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => reorderVideos(content, ids),
    onError: (error) => renewOnConflict(queryClient, content, error),
    onSuccess: (changed) => rememberContent(queryClient, changed),
  });
}

/** The ids with one of them a place earlier (-1) or later (1); at the ends nothing changes. */
export function moved(ids: readonly string[], id: string, by: -1 | 1): string[] {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return [...ids];
  const others = ids.filter((each) => each !== id);
  return [...others.slice(0, to), id, ...others.slice(to)];
}
