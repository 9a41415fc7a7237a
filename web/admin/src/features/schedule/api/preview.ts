import { answer, type ScheduleRules } from "@arv/api-client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { keyOf, type Place, pathOf } from "./schedule";

/** What is asked about: the content under its saved rules, or under rules nobody has saved yet. */
export interface Asked {
  place: Place;
  unsaved: ScheduleRules | null;
}

const DAYS = "/api/v1/companies/{company_id}/contents/{content_id}/preview/days";
const MOMENT = "/api/v1/companies/{company_id}/contents/{content_id}/preview";

/** What is seen on each day of a month ("2026-12") in the zone. */
export const calendarQuery = (
  { place, unsaved }: Asked,
  month: string,
  days: number,
  zone: string,
) =>
  queryOptions({
    queryKey: [...keyOf(place), "seen", "days", month, zone, unsaved],
    queryFn: () => {
      const asked = { first_day: `${month}-01`, days, zone };
      const path = pathOf(place);
      return answer(
        unsaved
          ? api.POST(DAYS, { params: { path }, body: { rules: unsaved, ...asked } })
          : api.GET(DAYS, { params: { path, query: asked } }),
      );
    },
    placeholderData: keepPreviousData,
  });

/** What is seen at a local time of the zone ("2026-12-24T18:00"). */
export const previewQuery = ({ place, unsaved }: Asked, at: string, zone: string) =>
  queryOptions({
    queryKey: [...keyOf(place), "seen", "at", at, zone, unsaved],
    queryFn: () => {
      const asked = { at, zone };
      const path = pathOf(place);
      return answer(
        unsaved
          ? api.POST(MOMENT, { params: { path }, body: { rules: unsaved, view: 0, ...asked } })
          : api.GET(MOMENT, { params: { path, query: asked } }),
      );
    },
    placeholderData: keepPreviousData,
  });
