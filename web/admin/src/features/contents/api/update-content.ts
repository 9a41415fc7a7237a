import { type ArContent, answerTagged, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent, renewOnConflict } from "./remember";

interface ContentChange {
  title?: string;
  project_id?: string;
  default_video_id?: string;
  /** When the code stops to open; null for never. */
  expires_at?: string | null;
}

function updateContent(
  content: ArContent,
  etag: string | undefined,
  body: ContentChange,
): Promise<Tagged<ArContent>> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answerTagged(
    api.PATCH("/api/v1/companies/{company_id}/contents/{content_id}", {
      params: { path, header: { "if-match": etag } },
      body,
    }),
  );
}

/**
 * Rename the content, move it, choose the video that plays or its end; refused when somebody changed it after
 * `content` was read. With an `etag` of its own, a change depends on that version instead.
 */
export function useUpdateContent(content: Tagged<ArContent>, onUpdated?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ etag = content.etag, ...change }: Tagged<ContentChange>) =>
      updateContent(content, etag, change),
    onError: (error) => renewOnConflict(queryClient, content, error),
    onSuccess: (changed) => {
      rememberContent(queryClient, changed);
      onUpdated?.();
    },
  });
}
