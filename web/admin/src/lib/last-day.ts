/** The moment a day is over for the reader: what an end "until 31 December" means. */
export function endOfDay(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + 1).toISOString();
}

/** The last day (ISO) the reader has before the moment. */
export function lastDayBefore(moment: string): string {
  const last = new Date(Date.parse(moment) - 1);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${last.getFullYear()}-${two(last.getMonth() + 1)}-${two(last.getDate())}`;
}

/** Days that are begun until the moment; 0 when it has passed. */
export function daysUntil(moment: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(moment) - now) / 86_400_000));
}
