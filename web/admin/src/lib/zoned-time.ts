/** "2026-12-24T18:00" on the clocks of `zone` at a moment (RFC 3339). */
export function momentToWall(moment: string, zone: string): string {
  return wallAt(new Date(moment).getTime(), zone);
}

/**
 * The moment at which the clocks of `zone` show `wall` ("2026-12-24T18:00"); the first of both when they show
 * it twice. A time they jump over is taken as they would have gone on.
 */
export function wallToMoment(wall: string, zone: string): string {
  const wanted = Date.parse(`${wall}:00Z`);
  // What UTC would be, with the offset of the hours before; once more with the offset found there.
  const day = 86_400_000;
  const before = wanted - offsetAt(wanted - day, zone);
  const after = wanted - offsetAt(wanted + day, zone);
  const found = [Math.min(before, after), Math.max(before, after)].find(
    (time) => wallAt(time, zone) === wall,
  );
  return new Date(found ?? before).toISOString().replace(".000Z", "Z");
}

function offsetAt(time: number, zone: string): number {
  return Date.parse(`${wallAt(time, zone)}:00Z`) - Math.floor(time / 60_000) * 60_000;
}

function wallAt(time: number, zone: string): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const day = `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
  return `${day}T${parts.get("hour")}:${parts.get("minute")}`;
}

/** "24 Dec 2026" of an ISO day: the same day everywhere, whatever the reader's time zone. */
export function formatDay(day: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  return format.format(new Date(`${day}T00:00:00Z`));
}

/** "24 Dec 2026, 18:00" on the clocks of `zone`. */
export function formatMomentIn(moment: string, zone: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: zone,
  });
  return format.format(new Date(moment));
}

/** "18:00" on the clocks of `zone`. */
export function formatClockIn(moment: string, zone: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "short", timeZone: zone }).format(
    new Date(moment),
  );
}

export interface ClockChange {
  /** What the clocks show when they are changed, and what they show then: "02:00", "03:00". */
  from: string;
  to: string;
}

/** How the clocks of `zone` are changed on an ISO day; null on all but two days a year. */
export function clockChange(day: string, zone: string): ClockChange | null {
  let low = Math.floor(Date.parse(wallToMoment(`${day}T00:00`, zone)) / 60_000);
  let high = low + 24 * 60;
  const offset = (minute: number) => offsetAt(minute * 60_000, zone);
  const [before, after] = [offset(low), offset(high)];
  if (before === after) return null;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  const clock = (by: number) => new Date(high * 60_000 + by).toISOString().slice(11, 16);
  return { from: clock(before), to: clock(after) };
}

/** Whether the clocks jump over a time ("2027-03-28T02:30") or show it twice; null where they show it once. */
export function clockDoubt(
  wall: string,
  zone: string,
): { kind: "skipped" | "twice"; change: ClockChange } | null {
  const change = clockChange(wall.slice(0, 10), zone);
  if (!change) return null;
  const clock = wall.slice(11);
  if (change.from <= clock && clock < change.to) return { kind: "skipped", change };
  return change.to <= clock && clock < change.from ? { kind: "twice", change } : null;
}
