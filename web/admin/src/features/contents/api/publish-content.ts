import { type ArContent, answer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

function publishContent(content: ArContent): Promise<ArContent> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answer(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/publish", { params: { path } }),
  );
}

/** Make the printed code show the content. */
export function usePublishContent(content: ArContent) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => publishContent(content),
    onSuccess: (changed) => rememberContent(queryClient, changed),
  });
}
