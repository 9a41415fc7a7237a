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
