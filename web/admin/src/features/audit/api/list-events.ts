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

function listEvents(companyId: string, filter: EventFilter, cursor?: string) {
  const path = { company_id: companyId };
  const query = { limit: EVENTS_ON_A_PAGE, cursor, ...filterQuery(filter) };
  const page: Promise<Page<AuditEvent>> = answer(
    api.GET("/api/v1/companies/{company_id}/events", { params: { path, query } }),
  );
  return page;
}

/** What happened in the company, newest first. */
export const eventsQuery = (companyId: string, filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ["events", companyId, filter],
    queryFn: ({ pageParam }) => listEvents(companyId, filter, pageParam),
    placeholderData: keepPreviousData,
    ...cursorPaging,
  });

/** Where the same events are downloaded from. */
export function downloadUrl(companyId: string, format: "csv" | "jsonl", filter: EventFilter) {
  const query = new URLSearchParams(filterQuery(filter)).toString();
  return `/api/v1/companies/${companyId}/events.${format}${query && `?${query}`}`;
}
