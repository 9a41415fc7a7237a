import { type ArContent, answerTagged, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { contentKeys } from "./keys";
import { rememberContent, renewOnConflict } from "./remember";

function replaceImage(content: Tagged<ArContent>, uploadId: string): Promise<Tagged<ArContent>> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answerTagged(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/image", {
      params: { path, header: { "if-match": content.etag } },
      body: { upload_id: uploadId },
    }),
  );
}

/** Recognise another image under the same code; the old one is, until the new one's target is ready. */
export function useReplaceImage(content: Tagged<ArContent>, onReplaced: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (uploadId: string) => replaceImage(content, uploadId),
    onError: (error) => renewOnConflict(queryClient, content, error),
    onSuccess: (changed) => {
      rememberContent(queryClient, changed);
      const queryKey = contentKeys.targets(content.company_id, content.id);
      void queryClient.invalidateQueries({ queryKey });
      onReplaced();
    },
  });
}
