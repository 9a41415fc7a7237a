import { type ArContent, answerTagged, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

function restoreContent(content: ArContent): Promise<Tagged<ArContent>> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answerTagged(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/restore", { params: { path } }),
  );
}

/** Take the content out of the archive, as a draft. */
export function useRestoreContent(content: ArContent, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => restoreContent(content),
    onSuccess: (changed) => {
      rememberContent(queryClient, changed);
      onDone?.();
    },
  });
}
