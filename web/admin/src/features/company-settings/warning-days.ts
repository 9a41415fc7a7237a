/** The days somebody wrote ("30, 7, 1"), the most first; null when something else is among them. */
export function readDays(written: string): number[] | null {
  const parts = written.split(/[,;\s]+/).filter((part) => part !== "");
  const days = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 0));
  if (days.length > 10 || days.some((day) => day < 1 || day > 365)) return null;
  return [...new Set(days)].sort((one, two) => two - one);
}
