import {
  answer,
  answerTagged,
  Problem,
  type Schedule,
  type ScheduleRules,
  type Tagged,
} from "@arv/api-client";
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

/** Which content a schedule is of. */
export interface Place {
  companyId: string;
  contentId: string;
}

const pathOf = ({ companyId, contentId }: Place) => ({
  company_id: companyId,
  content_id: contentId,
});

/** Below the content's own key, so that what renews contents renews what they will show. */
const keyOf = ({ companyId, contentId }: Place) =>
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

/** Replace the rules as a whole; refused when somebody else has changed them after they were read. */
export function useSetSchedule(place: Place, schedule: Tagged<Schedule>, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ScheduleRules) =>
      answerTagged(
        api.PUT("/api/v1/companies/{company_id}/contents/{content_id}/schedule", {
          params: { path: pathOf(place), header: { "if-match": schedule.etag } },
          body,
        }),
      ),
    onError: (error) => {
      if (error instanceof Problem && error.code === "precondition_failed")
        void queryClient.invalidateQueries({ queryKey: keyOf(place) });
    },
    onSuccess: (changed) => {
      queryClient.setQueryData(scheduleQuery(place).queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: [...keyOf(place), "seen"] });
      onDone?.();
    },
  });
}

/** What is seen on each day of a month ("2026-12") in the zone. */
export const calendarQuery = (place: Place, month: string, days: number, zone: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "seen", "days", month, zone],
    queryFn: () =>
      answer(
        api.GET("/api/v1/companies/{company_id}/contents/{content_id}/preview/days", {
          params: { path: pathOf(place), query: { first_day: `${month}-01`, days, zone } },
        }),
      ),
    placeholderData: keepPreviousData,
  });

/** What is seen at a local time of the zone ("2026-12-24T18:00"). */
export const previewQuery = (place: Place, at: string, zone: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "seen", "at", at, zone],
    queryFn: () =>
      answer(
        api.GET("/api/v1/companies/{company_id}/contents/{content_id}/preview", {
          params: { path: pathOf(place), query: { at, zone } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
