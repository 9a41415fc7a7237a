import { momentToWall, wallToMoment } from "@/lib/zoned-time";
import type { DateRule, Rules, WindowRule } from "./rules";

/** What somebody should know about a rule: it makes sense, and yet may not do what was meant. */
export type Finding =
  /** Rules above leave nothing for it. */
  | { kind: "hidden"; by: "date" | "window" }
  /** Another rule of its kind comes first where both meet. */
  | { kind: "meets"; by: number; from: number; to: number }
  /** It lies in the past. */
  | { kind: "over" }
  /** Between it and the next period nothing is planned. */
  | { kind: "gap"; from: number; to: number }
  /** Days of the week nobody has. */
  | { kind: "free"; weekdays: number[] };

export interface Findings {
  dates: Finding[][];
  windows: Finding[][];
  rotation: Finding[];
}

const WEEK = [1, 2, 3, 4, 5, 6, 7];
const DAY_MS = 86_400_000;
/** A longer time between two periods is meant. */
const SHORT_GAP_DAYS = 14;

/** What is to be said about the rules; `plays` tells whether a video can be played, `now` is a time in ms. */
export function findingsOf(
  rules: Rules,
  zone: string,
  plays: (videoId: string) => boolean,
  now: number,
): Findings {
  const dates = rules.dates.map((rule) => (plays(rule.video_id) ? rule : null));
  const spans = rules.windows.map((rule) => (plays(rule.video_id) ? spanOf(rule, zone) : null));
  const everyDay = takesEveryDay(dates);
  return {
    dates: dates.map((rule, at) => (rule ? ofDate(rule, dates.slice(0, at)) : [])),
    windows: spans.map((span, at) => (span ? ofWindow(span, at, spans, everyDay, now) : [])),
    rotation: rules.rotation ? ofRotation(rules, everyDay, spans, now) : [],
  };
}

function ofDate(rule: DateRule, above: (DateRule | null)[]): Finding[] {
  const hider = above.some((other) => other && covers(other, rule));
  return hider || takesEveryDay(above) ? [{ kind: "hidden", by: "date" }] : [];
}

/** Whether every day of the second is one of the first. */
function covers(first: DateRule, second: DateRule): boolean {
  if (first.every === "week")
    return second.every === "week" && daysOf(second).every((day) => daysOf(first).includes(day));
  if (first.every === "month") return second.every !== "week" && first.day === second.day;
  return second.every === "year" && first.month === second.month && first.day === second.day;
}

const daysOf = (rule: DateRule) => rule.weekdays ?? [];

function takesEveryDay(rules: (DateRule | null)[]): boolean {
  const taken = rules.flatMap((rule) => (rule?.every === "week" ? daysOf(rule) : []));
  return WEEK.every((day) => taken.includes(day));
}

/** From when to when a period is open, in ms; the end is not part of it. */
interface Span {
  from: number;
  to: number;
}

export function spanOf(rule: WindowRule, zone: string): Span {
  const start = rule.first_day ? wallToMoment(`${rule.first_day}T00:00`, zone) : rule.starts_at;
  const end = rule.last_day ? wallToMoment(`${dayAfter(rule.last_day)}T00:00`, zone) : rule.ends_at;
  return {
    from: start ? Date.parse(start) : Number.NEGATIVE_INFINITY,
    to: end ? Date.parse(end) : Number.POSITIVE_INFINITY,
  };
}

/** The ISO day after another. */
export const dayAfter = (day: string, by = 1): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);

function ofWindow(
  span: Span,
  at: number,
  spans: (Span | null)[],
  everyDay: boolean,
  now: number,
): Finding[] {
  if (everyDay) return [{ kind: "hidden", by: "date" }];
  if (span.to <= now) return [{ kind: "over" }];
  const above = spans.slice(0, at);
  if (above.some((other) => other && other.from <= span.from && span.to <= other.to))
    return [{ kind: "hidden", by: "window" }];
  const found: Finding[] = [];
  above.forEach((other, by) => {
    if (!other) return;
    const from = Math.max(other.from, span.from);
    const to = Math.min(other.to, span.to);
    if (from < to && to > now) found.push({ kind: "meets", by, from, to });
  });
  return [...found, ...gapAfter(span, spans)];
}

/** A short time between this period's end and the next one's beginning. */
function gapAfter(span: Span, spans: (Span | null)[]): Finding[] {
  const later = spans.filter((other) => other !== null && other !== span && other.to > span.to);
  const starts = later.map((other) => other?.from ?? Number.POSITIVE_INFINITY);
  const next = Math.min(...starts);
  if (!(next > span.to) || next - span.to > SHORT_GAP_DAYS * DAY_MS) return [];
  return [{ kind: "gap", from: span.to, to: next }];
}

function ofRotation(
  rules: Rules,
  everyDay: boolean,
  spans: (Span | null)[],
  now: number,
): Finding[] {
  if (everyDay) return [{ kind: "hidden", by: "date" }];
  if (spans.some((span) => span && span.from <= now && span.to === Number.POSITIVE_INFINITY))
    return [{ kind: "hidden", by: "window" }];
  if (rules.rotation?.kind !== "weekdays") return [];
  const taken = rules.rotation.turns.flatMap((turn) => turn.weekdays ?? []);
  const weekdays = WEEK.filter((day) => !taken.includes(day));
  return weekdays.length > 0 ? [{ kind: "free", weekdays }] : [];
}

/** The last day of a period that ends at this moment, as its people say it. */
export const lastDayBefore = (time: number, zone: string): string =>
  momentToWall(new Date(time - 60_000).toISOString(), zone).slice(0, 10);
