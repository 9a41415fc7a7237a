import { type AuditEvent, answer, type Page } from "@arv/api-client";
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

const EVENTS_ON_A_PAGE = 50;

export interface EventFilter {
  /** Words in name, person or values. */
  q?: string;
  /** The noun events begin with, such as `content`. */
  about?: string;
}

/** What the filter is called in the API's query, for lists and downloads alike. */
export function filterQuery({ q, about }: EventFilter): { q?: string; name?: string } {
  return { ...(q && { q }), ...(about && { name: `${about}.` }) };
}

function listEvents(
  companyId: string | null,
  filter: EventFilter,
  cursor?: string,
): Promise<Page<AuditEvent>> {
  const query = { limit: EVENTS_ON_A_PAGE, cursor, ...filterQuery(filter) };
  if (companyId === null) return answer(api.GET("/api/v1/events", { params: { query } }));
  const path = { company_id: companyId };
  return answer(api.GET("/api/v1/companies/{company_id}/events", { params: { path, query } }));
}

/** What happened in the company, newest first; without one, in the whole installation. */
export const eventsQuery = (companyId: string | null, filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ["events", companyId, filter],
    queryFn: ({ pageParam }) => listEvents(companyId, filter, pageParam),
    placeholderData: keepPreviousData,
    ...cursorPaging,
  });

/** Where the same events are downloaded from. */
export function downloadUrl(
  companyId: string | null,
  format: "csv" | "jsonl",
  filter: EventFilter,
): string {
  const query = new URLSearchParams(filterQuery(filter)).toString();
  const place = companyId === null ? "" : `/companies/${companyId}`;
  return `/api/v1${place}/events.${format}${query && `?${query}`}`;
}
