import { type ArContent, answerTagged, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

function unpublishContent(content: ArContent): Promise<Tagged<ArContent>> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answerTagged(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/unpublish", {
      params: { path },
    }),
  );
}

/** Make the printed code show nothing for now. */
export function useUnpublishContent(content: ArContent, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unpublishContent(content),
    onSuccess: (changed) => {
      rememberContent(queryClient, changed);
      onDone?.();
    },
  });
}
