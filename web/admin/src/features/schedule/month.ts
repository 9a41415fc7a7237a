/** "2026-12" with one month added or taken. */
export function monthBeside(month: string, by: -1 | 1): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const moved = new Date(Date.UTC(year, number - 1 + by, 1));
  return moved.toISOString().slice(0, 7);
}

export function daysIn(month: string): number {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).getUTCDate();
}

/** How many days of a week that begins on Monday come before the month's first. */
export function blanksBefore(month: string): number {
  return (new Date(`${month}-01T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** "December 2026" in the reader's language. */
export function monthTitle(month: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  const words = format.format(new Date(`${month}-01T00:00:00Z`));
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
}
