import { type ArContent, answer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { contentKeys } from "./keys";
import { renewLists } from "./remember";

function deleteContent(content: ArContent) {
  const path = { company_id: content.company_id, content_id: content.id };
  return answer(
    api.DELETE("/api/v1/companies/{company_id}/contents/{content_id}", { params: { path } }),
  );
}

export function useDeleteContent(content: ArContent, onDeleted: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => deleteContent(content),
    onSuccess: () => {
      onDeleted();
      queryClient.removeQueries({ queryKey: contentKeys.one(content.company_id, content.id) });
      renewLists(queryClient, content.company_id);
    },
  });
}
