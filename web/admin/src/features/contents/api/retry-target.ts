import { type ArContent, answer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

function retryTarget(content: ArContent): Promise<ArContent> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answer(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/target/retry", {
      params: { path },
    }),
  );
}

/** Make the target once more after it failed. */
export function useRetryTarget(content: ArContent) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => retryTarget(content),
    onSuccess: (changed) => rememberContent(queryClient, changed),
  });
}
