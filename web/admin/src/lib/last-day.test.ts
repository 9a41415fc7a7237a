import { expect, test } from "vitest";
import { daysUntil, endOfDay, lastDayBefore } from "./last-day";

test.each(["2026-12-31", "2024-02-29", "2026-03-29", "2026-10-25"])(
  "an end on %s is that day's midnight, and reads as that day",
  (day) => {
    expect(new Date(endOfDay(day)).getHours()).toBe(0);
    expect(lastDayBefore(endOfDay(day))).toBe(day);
  },
);

test("the last hour is one day, what has passed is none", () => {
  const now = Date.parse("2026-12-24T12:00:00Z");
  const left = ["2026-12-24T13:00:00Z", "2026-12-31T12:00:00Z", "2026-12-24T11:00:00Z"];
  expect(left.map((moment) => daysUntil(moment, now))).toEqual([1, 7, 0]);
});
