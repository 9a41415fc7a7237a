import { type ArContent, answer, type BulkAction, type BulkAnswer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { type BulkOutcome, inRequests, outcomeOf } from "../bulk-outcome";
import { contentKeys } from "./keys";
import { renewLists } from "./remember";

export interface BulkChange {
  action: BulkAction;
  contents: ArContent[];
  /** Where they go, for `move`. */
  projectId?: string;
}

function changeContents(
  companyId: string,
  { action, projectId }: BulkChange,
  ids: string[],
): Promise<BulkAnswer> {
  return answer(
    api.POST("/api/v1/companies/{company_id}/contents/bulk", {
      params: { path: { company_id: companyId } },
      body: { action, ids, ...(projectId && { project_id: projectId }) },
    }),
  );
}

/** Do one thing with several contents; one that can not be done stops none of the others. */
export function useChangeContents(companyId: string, onDone: (outcome: BulkOutcome) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (change: BulkChange) => {
      const answers: BulkAnswer[] = [];
      for (const ids of inRequests(change.contents.map((each) => each.id))) {
        answers.push(await changeContents(companyId, change, ids));
      }
      return outcomeOf(change.action, answers, change.contents);
    },
    onSuccess: onDone,
    onSettled: () => {
      renewLists(queryClient, companyId);
      void queryClient.invalidateQueries({ queryKey: [...contentKeys.all(companyId), "one"] });
    },
  });
}
