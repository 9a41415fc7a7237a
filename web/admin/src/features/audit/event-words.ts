import type { AuditEvent } from "@arv/api-client";
import type { i18n } from "i18next";
import { formatMoment } from "@/lib/format";

/** What events are about: the first part of their names, as one may filter by. */
export const SUBJECTS = [
  "content",
  "video",
  "project",
  "company",
  "member",
  "invitation",
  "api_key",
  "session",
  "user",
  "export",
] as const;

export type Subject = (typeof SUBJECTS)[number];

export function asSubject(value: unknown): Subject | undefined {
  return SUBJECTS.find((subject) => subject === value);
}

/** The event as a sentence without its subject ("published a print"), or its bare name when it is new to us. */
export function eventWords(event: AuditEvent, words: i18n): string {
  const key = `settings:audit.event.${event.name}`;
  return words.exists(key) ? String(words.t(key as never)) : event.name;
}

export interface Change {
  field: string;
  before: string;
  after: string;
}

/** What the event changed, as text; an empty side is a dash. */
export function changesOf(event: AuditEvent, language: string): Change[] {
  return Object.entries(event.changes).map(([field, [before, after]]) => ({
    field,
    before: asText(before, language),
    after: asText(after, language),
  }));
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function asText(value: unknown, language: string): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "string" && MOMENT.test(value)) return formatMoment(value, language);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
