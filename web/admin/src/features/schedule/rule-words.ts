import type { TFunction } from "i18next";
import { formatDay, formatMomentIn } from "@/lib/zoned-time";
import type { DateRule, Rotation, Turn, WindowRule } from "./rules";

type Words = TFunction<"schedule">;

/** A rule about a day that comes again, as one says it. */
export function dateWords(rule: DateRule, t: Words, language: string): string {
  const day = rule.day ?? 1;
  if (rule.every === "week")
    return t("when.week", { days: weekdayList(rule.weekdays ?? [], language) });
  if (rule.every === "month") return day === 31 ? t("when.monthEnd") : t("when.month", { day });
  return t("when.year", { day: dayOfYear(rule.month ?? 1, day, language) });
}

/** What is not obvious about a day that not every month or year has. */
export function dateHint(rule: DateRule, t: Words): string | null {
  const day = rule.day ?? 1;
  if (rule.every === "year") return rule.month === 2 && day === 29 ? t("when.leapDay") : null;
  return rule.every === "month" && (day === 29 || day === 30) ? t("when.shortMonth") : null;
}

export function windowWords(rule: WindowRule, zone: string, t: Words, language: string): string {
  const from = rule.first_day
    ? formatDay(rule.first_day, language)
    : rule.starts_at && formatMomentIn(rule.starts_at, zone, language);
  const to = rule.last_day
    ? formatDay(rule.last_day, language)
    : rule.ends_at && formatMomentIn(rule.ends_at, zone, language);
  if (from && to) return from === to ? from : t("when.between", { from, to });
  return from ? t("when.from", { from }) : t("when.until", { to: to ?? "" });
}

export const rotationWords = (rotation: Rotation, t: Words): string =>
  t(`rotation.${rotation.kind}`);

/** What one turn of a rotation has of its own; empty where its place in the list says all. */
export function turnWords(rotation: Rotation, turn: Turn, t: Words, language: string): string {
  switch (rotation.kind) {
    case "hours":
      return t("turn.from", { time: turn.from_time ?? "" });
    case "weekdays":
      return weekdayList(turn.weekdays ?? [], language);
    case "random":
      return t("turn.chance", { percent: chance(rotation, turn, language) });
    default:
      return "";
  }
}

export function chance(rotation: Rotation, turn: Turn, language: string): string {
  const total = rotation.turns.reduce((sum, each) => sum + (each.weight ?? 1), 0);
  return new Intl.NumberFormat(language, { style: "percent" }).format((turn.weight ?? 1) / total);
}

// A Monday, from which weekdays are named.
const MONDAY = Date.UTC(2024, 0, 1);

export function weekdayName(weekday: number, language: string, style: "long" | "short"): string {
  const format = new Intl.DateTimeFormat(language, { weekday: style, timeZone: "UTC" });
  return format.format(MONDAY + (weekday - 1) * 86_400_000);
}

export function weekdayList(weekdays: number[], language: string): string {
  const names = [...weekdays].sort().map((each) => weekdayName(each, language, "long"));
  return new Intl.ListFormat(language, { type: "conjunction" }).format(names);
}

/** "14 February"; 2024 has every day a year can have. */
function dayOfYear(month: number, day: number, language: string): string {
  const format = new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  });
  return format.format(Date.UTC(2024, month - 1, day));
}

export function monthName(month: number, language: string): string {
  const format = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  return format.format(Date.UTC(2024, month - 1, 1));
}
