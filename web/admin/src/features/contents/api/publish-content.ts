import { type ArContent, answerTagged, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

function publishContent(content: ArContent): Promise<Tagged<ArContent>> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answerTagged(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/publish", { params: { path } }),
  );
}

/** Make the printed code show the content. */
export function usePublishContent(content: ArContent, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => publishContent(content),
    onSuccess: (changed) => {
      rememberContent(queryClient, changed);
      onDone?.();
    },
  });
}
