import { type ArContent, answerTagged, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

function archiveContent(content: ArContent): Promise<Tagged<ArContent>> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answerTagged(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/archive", { params: { path } }),
  );
}

/** Put the content out of the way; a published one goes offline with it. */
export function useArchiveContent(content: ArContent, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => archiveContent(content),
    onSuccess: (changed) => {
      rememberContent(queryClient, changed);
      onDone?.();
    },
  });
}
