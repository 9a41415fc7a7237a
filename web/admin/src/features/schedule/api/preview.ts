import { answer, type ScheduleCalendar, type ScheduleRules } from "@arv/api-client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { keyOf, type Place, pathOf } from "./schedule";

/** What is asked about: the content under its saved rules, or under rules nobody has saved yet. */
export interface Asked {
  place: Place;
  unsaved: ScheduleRules | null;
  /** A print that is not live is shown as if it were; else there would be nothing to see of a plan. */
  isDraft: boolean;
  endsAt: string | null;
}

/** Whether it opens at a moment, taking a draft for live. */
const opens = ({ isDraft, endsAt }: Asked, moment: string, isOpen: boolean) =>
  isDraft ? endsAt === null || Date.parse(moment) < Date.parse(endsAt) : isOpen;

const DAYS = "/api/v1/companies/{company_id}/contents/{content_id}/preview/days";
const MOMENT = "/api/v1/companies/{company_id}/contents/{content_id}/preview";

/** What is seen on each day of a month ("2026-12") in the zone. */
export const calendarQuery = (asked: Asked, month: string, days: number, zone: string) =>
  queryOptions({
    queryKey: [...keyOf(asked.place), "seen", "days", month, zone, asked.unsaved],
    queryFn: () => {
      const path = pathOf(asked.place);
      const query = { first_day: `${month}-01`, days, zone };
      return answer(
        asked.unsaved
          ? api.POST(DAYS, { params: { path }, body: { rules: asked.unsaved, ...query } })
          : api.GET(DAYS, { params: { path, query } }),
      );
    },
    select: (calendar) => opened(asked, calendar),
    placeholderData: keepPreviousData,
  });

function opened(asked: Asked, calendar: ScheduleCalendar): ScheduleCalendar {
  const days = calendar.days.map((day) => ({
    ...day,
    parts: day.parts.map((part) => ({
      ...part,
      is_open: opens(asked, part.starts_at, part.is_open),
    })),
  }));
  return { ...calendar, days };
}

/** What is seen at a local time of the zone ("2026-12-24T18:00"). */
export const previewQuery = (asked: Asked, at: string, zone: string) =>
  queryOptions({
    queryKey: [...keyOf(asked.place), "seen", "at", at, zone, asked.unsaved],
    queryFn: () => {
      const path = pathOf(asked.place);
      const query = { at, zone };
      return answer(
        asked.unsaved
          ? api.POST(MOMENT, {
              params: { path },
              body: { rules: asked.unsaved, view: 0, ...query },
            })
          : api.GET(MOMENT, { params: { path, query } }),
      );
    },
    select: (seen) => ({ ...seen, is_open: opens(asked, seen.at, seen.is_open) }),
    placeholderData: keepPreviousData,
  });
