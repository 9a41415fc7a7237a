import { expect, test } from "vitest";
import { clockChange, clockDoubt, momentToWall, wallToMoment } from "./zoned-time";

test.each([
  ["Europe/Berlin", "2026-07-01T18:00", "2026-07-01T16:00:00Z"],
  ["America/New_York", "2026-12-24T18:00", "2026-12-24T23:00:00Z"],
  ["Asia/Kathmandu", "2026-01-01T00:00", "2025-12-31T18:15:00Z"],
  ["Australia/Lord_Howe", "2026-04-05T12:00", "2026-04-05T01:30:00Z"],
])("a time in %s becomes its moment and back", (zone, wall, moment) => {
  expect(wallToMoment(wall, zone)).toBe(moment);
  expect(momentToWall(moment, zone)).toBe(wall);
});

test("of an hour that clocks show twice the first is meant", () => {
  expect(wallToMoment("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00Z");
});

test("a time that clocks jump over is a moment all the same", () => {
  expect(wallToMoment("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00Z");
});

test("the days on which clocks are changed are known, and how", () => {
  expect(clockChange("2027-03-28", "Europe/Berlin")).toEqual({ from: "02:00", to: "03:00" });
  expect(clockChange("2026-10-25", "Europe/Berlin")).toEqual({ from: "03:00", to: "02:00" });
  expect(clockChange("2026-11-01", "America/New_York")).toEqual({ from: "02:00", to: "01:00" });
});

test("on other days, and where clocks are never changed, there is no change", () => {
  expect(clockChange("2027-03-27", "Europe/Berlin")).toBeNull();
  expect(clockChange("2027-03-28", "Europe/Moscow")).toBeNull();
});

test("a time that clocks do not show once is doubtful", () => {
  expect(clockDoubt("2027-03-28T02:30", "Europe/Berlin")?.kind).toBe("skipped");
  expect(clockDoubt("2026-10-25T02:30", "Europe/Berlin")?.kind).toBe("twice");
  expect(clockDoubt("2026-10-25T03:00", "Europe/Berlin")).toBeNull();
});
