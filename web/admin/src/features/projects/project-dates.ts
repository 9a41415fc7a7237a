import type { TFunction } from "i18next";

interface Dates {
  starts_on: string | null;
  ends_on: string | null;
}

/** When a project is: a span, a beginning, an end, or nothing said. */
export function projectDates(
  { starts_on, ends_on }: Dates,
  t: TFunction<"contents">,
  language: string,
): string | null {
  const from = starts_on && formatDay(starts_on, language);
  const to = ends_on && formatDay(ends_on, language);
  if (from && to) return from === to ? from : `${from} – ${to}`;
  if (from) return t("project.from", { from });
  return to ? t("project.until", { to }) : null;
}

/** Whether the dates are in an order that can be. Days are ISO dates, which sort as text. */
export const isSpan = ({ starts_on, ends_on }: Dates) =>
  !starts_on || !ends_on || starts_on <= ends_on;

/** A day is the same day everywhere: it is written as it is, whatever the reader's time zone. */
function formatDay(day: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  return format.format(new Date(`${day}T00:00:00Z`));
}
