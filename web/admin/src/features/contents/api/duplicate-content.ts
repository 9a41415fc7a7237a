import { type ArContent, answerTagged, type Tagged } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { rememberContent } from "./remember";

interface Copy {
  title: string;
  project_id: string;
}

function duplicateContent(content: ArContent, body: Copy): Promise<Tagged<ArContent>> {
  const path = { company_id: content.company_id, content_id: content.id };
  return answerTagged(
    api.POST("/api/v1/companies/{company_id}/contents/{content_id}/duplicate", {
      params: { path },
      body,
    }),
  );
}

/** A draft with the same image, target and videos, and a code of its own. */
export function useDuplicateContent(content: ArContent, onDone: (copy: ArContent) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (copy: Copy) => duplicateContent(content, copy),
    onSuccess: (made) => {
      rememberContent(queryClient, made);
      onDone(made);
    },
  });
}
