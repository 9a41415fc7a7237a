import { type ArContent, answer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

function unpublishContent(content: ArContent): Promise<ArContent> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answer(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/unpublish", {
      params: { path },
    }),
  );
}

/** Take the content off the printed code; nothing is deleted. */
export function useUnpublishContent(content: ArContent) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unpublishContent(content),
    onSuccess: (changed) => rememberContent(queryClient, changed),
  });
}
