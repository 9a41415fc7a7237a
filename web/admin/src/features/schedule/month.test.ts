import { expect, test } from "vitest";
import { blanksBefore, daysIn, monthBeside } from "./month";

test("a month goes on into the next year and back", () => {
  expect([monthBeside("2026-12", 1), monthBeside("2027-01", -1)]).toEqual(["2027-01", "2026-12"]);
});

test("February has its leap day", () => {
  expect([daysIn("2024-02"), daysIn("2026-02"), daysIn("2026-12")]).toEqual([29, 28, 31]);
});

test("a week begins on Monday", () => {
  // 1 June 2026 is a Monday, 1 February 2026 a Sunday.
  expect([blanksBefore("2026-06"), blanksBefore("2026-02")]).toEqual([0, 6]);
});
