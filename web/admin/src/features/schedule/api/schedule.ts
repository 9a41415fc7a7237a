import {
  answerTagged,
  Problem,
  type Schedule,
  type ScheduleRules,
  type Tagged,
} from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

/** Which content a schedule is of. */
export interface Place {
  companyId: string;
  contentId: string;
}

export const pathOf = ({ companyId, contentId }: Place) => ({
  company_id: companyId,
  content_id: contentId,
});

/** Below the content's own key, so that what renews contents renews what they will show. */
export const keyOf = ({ companyId, contentId }: Place) =>
  ["companies", companyId, "contents", "schedule", contentId] as const;

export const scheduleQuery = (place: Place) =>
  queryOptions({
    queryKey: [...keyOf(place), "rules"],
    queryFn: () =>
      answerTagged(
        api.GET("/api/v1/companies/{company_id}/contents/{content_id}/schedule", {
          params: { path: pathOf(place) },
        }),
      ),
  });

/** Replace the rules as a whole; refused when somebody else has changed them since `etag` was read. */
export function useSetSchedule(place: Place, onDone: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ rules, etag }: { rules: ScheduleRules; etag: string | undefined }) =>
      answerTagged(
        api.PUT("/api/v1/companies/{company_id}/contents/{content_id}/schedule", {
          params: { path: pathOf(place), header: { "if-match": etag } },
          body: rules,
        }),
      ),
    onError: (error) => {
      if (error instanceof Problem && error.code === "precondition_failed")
        void queryClient.invalidateQueries({ queryKey: keyOf(place) });
    },
    onSuccess: (changed: Tagged<Schedule>) => {
      queryClient.setQueryData(scheduleQuery(place).queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: [...keyOf(place), "seen"] });
      onDone();
    },
  });
}
