import type { ScheduleRules } from "@arv/api-client";

export type DateRule = NonNullable<ScheduleRules["dates"]>[number];
export type WindowRule = NonNullable<ScheduleRules["windows"]>[number];
export type Rotation = NonNullable<ScheduleRules["rotation"]>;
export type Turn = Rotation["turns"][number];
export type RotationKind = Rotation["kind"];

/** All rules with every list there. */
export interface Rules {
  time_zone: string | null;
  dates: DateRule[];
  windows: WindowRule[];
  rotation: Rotation | null;
}

/** What is edited: a rule of a list, a new one (`index` null), or the rotation. */
export type Edited =
  | { part: "date"; index: number | null; rule: DateRule }
  | { part: "window"; index: number | null; rule: WindowRule }
  | { part: "rotation"; rule: Rotation };

export function rulesOf(schedule: ScheduleRules): Rules {
  const { time_zone, dates, windows, rotation } = schedule;
  return {
    time_zone: time_zone ?? null,
    dates: dates ?? [],
    windows: windows ?? [],
    rotation: rotation ?? null,
  };
}

/** The rules with what was edited in its place; a new one goes last among its kind. */
export function withEdited(rules: Rules, edited: Edited): Rules {
  switch (edited.part) {
    case "date":
      return { ...rules, dates: replaced(rules.dates, edited.index, edited.rule) };
    case "window":
      return { ...rules, windows: replaced(rules.windows, edited.index, edited.rule) };
    case "rotation":
      return { ...rules, rotation: edited.rule };
  }
}

function replaced<T>(list: T[], index: number | null, item: T): T[] {
  return index === null ? [...list, item] : list.map((each, at) => (at === index ? item : each));
}

export const without = <T>(list: T[], index: number): T[] => list.filter((_, at) => at !== index);

// Rules have no ids of their own; while they are moved about they are known by who they are.
const keys = new WeakMap<object, string>();
let made = 0;

/** A key that stays with a rule as long as nobody changes it. */
export function keyOfRule(rule: DateRule | WindowRule): string {
  const known = keys.get(rule);
  if (known) return known;
  made += 1;
  keys.set(rule, `rule-${made}`);
  return `rule-${made}`;
}

/** What a person can begin with; each is a rule with everything but its videos and days filled in. */
export const PRESETS = [
  "year",
  "window",
  "weekdays",
  "hours",
  "days",
  "month",
  "week",
  "views",
  "random",
] as const;
export type Preset = (typeof PRESETS)[number];

export const isRotation = (preset: Preset): preset is RotationKind =>
  ["weekdays", "hours", "days", "views", "random"].includes(preset);

/** A new rule to fill in. `videos` are the content's, `today` an ISO day. */
export function begun(preset: Preset, videos: { id: string }[], today: string): Edited {
  const other = videos[1]?.id ?? videos[0]?.id ?? "";
  const [, month = "1", day = "1"] = today.split("-");
  switch (preset) {
    case "year":
    case "month":
    case "week": {
      const rule: DateRule = { name: "", video_id: other, every: preset, weekdays: [] };
      if (preset === "week") rule.weekdays = [6, 7];
      else rule.day = Number(day);
      if (preset === "year") rule.month = Number(month);
      return { part: "date", index: null, rule };
    }
    case "window":
      return { part: "window", index: null, rule: { name: "", video_id: other, first_day: today } };
    default:
      return { part: "rotation", rule: begunRotation(preset, videos, today) };
  }
}

function begunRotation(kind: RotationKind, videos: { id: string }[], today: string): Rotation {
  const ids = videos.map((video) => video.id);
  const [first = "", second = first] = ids;
  const base = { kind, at_end: "again" as const };
  if (kind === "weekdays")
    return { ...base, turns: [{ video_id: second, weight: 1, weekdays: [6, 7] }] };
  if (kind === "hours") {
    const turns = [
      { video_id: first, weight: 1, weekdays: [], from_time: "06:00" },
      { video_id: second, weight: 1, weekdays: [], from_time: "18:00" },
    ];
    return { ...base, turns };
  }
  const turns = ids.map((video_id) => ({ video_id, weight: 1, weekdays: [] }));
  return kind === "days" ? { ...base, turns, first_day: today } : { ...base, turns };
}

/** Whether it says enough to be saved. The server looks closer. */
export function isComplete(edited: Edited): boolean {
  if (edited.part === "date") {
    const { every, weekdays, video_id } = edited.rule;
    return video_id !== "" && (every !== "week" || (weekdays?.length ?? 0) > 0);
  }
  if (edited.part === "window") {
    const { first_day, last_day, starts_at, ends_at, video_id } = edited.rule;
    const bounded = Boolean(first_day || last_day || starts_at || ends_at);
    const inOrder =
      (!first_day || !last_day || first_day <= last_day) &&
      (!starts_at || !ends_at || starts_at < ends_at);
    return video_id !== "" && bounded && inOrder;
  }
  const { turns, kind } = edited.rule;
  if (turns.length === 0 || turns.some((turn) => turn.video_id === "")) return false;
  if (kind !== "hours") return true;
  const times = turns.map((turn) => turn.from_time);
  return times.every(Boolean) && new Set(times).size === times.length;
}
