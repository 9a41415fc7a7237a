import { expect, test } from "vitest";
import { findingsOf } from "./rule-findings";
import { type DateRule, type Rules, rulesOf } from "./rules";

const NOW = Date.parse("2026-11-23T12:00:00Z");
const of = (rules: Partial<Rules>, plays = (_: string) => true) =>
  findingsOf({ ...rulesOf({ dates: [], windows: [] }), ...rules }, "Europe/Berlin", plays, NOW);
const days = (first_day: string | null, last_day: string | null) => ({
  name: "",
  video_id: "a",
  first_day,
  last_day,
});

test("a period within an earlier one of the list never plays", () => {
  const { windows } = of({
    windows: [days("2026-12-01", "2026-12-31"), days("2026-12-24", "2026-12-26")],
  });
  expect(windows).toEqual([[], [{ kind: "hidden", by: "window" }]]);
});

test("two periods that meet say where, on the clocks of the zone", () => {
  const { windows } = of({
    windows: [days("2026-12-01", "2026-12-24"), days("2026-12-24", "2026-12-26")],
  });
  expect(windows[1]).toEqual([
    {
      kind: "meets",
      by: 0,
      from: Date.parse("2026-12-23T23:00:00Z"),
      to: Date.parse("2026-12-24T23:00:00Z"),
    },
  ]);
});

test("a day forgotten between two periods is told, a season between them is not", () => {
  const near = of({
    windows: [days("2026-12-01", "2026-12-24"), days("2026-12-26", "2026-12-31")],
  });
  const far = of({ windows: [days("2026-12-01", "2026-12-24"), days("2027-05-01", null)] });
  expect(near.windows[0]?.map((each) => each.kind)).toEqual(["gap"]);
  expect(far.windows).toEqual([[], []]);
});

test("periods that touch have neither gap nor meeting", () => {
  const { windows } = of({
    windows: [days("2026-12-01", "2026-12-24"), days("2026-12-25", "2026-12-31")],
  });
  expect(windows).toEqual([[], []]);
});

test("a period of the past is over", () => {
  expect(of({ windows: [days("2026-01-01", "2026-11-22")] }).windows).toEqual([[{ kind: "over" }]]);
});

test("the same day of the year twice: only the first plays", () => {
  const rule: DateRule = {
    name: "",
    video_id: "a",
    every: "year",
    month: 2,
    day: 14,
    weekdays: [],
  };
  expect(of({ dates: [rule, { ...rule, video_id: "b" }] }).dates).toEqual([
    [],
    [{ kind: "hidden", by: "date" }],
  ]);
});

test("rules for every weekday leave nothing to what stands below", () => {
  const weekdays = [1, 2, 3, 4, 5, 6, 7];
  const week: DateRule = { name: "", video_id: "a", every: "week", weekdays };
  const found = of({
    dates: [week],
    windows: [days("2026-12-01", null)],
  });
  expect(found.windows).toEqual([[{ kind: "hidden", by: "date" }]]);
});

test("weekdays without a video are named", () => {
  const turns = [{ video_id: "a", weight: 1, weekdays: [6, 7] }];
  const found = of({ rotation: { kind: "weekdays", turns, at_end: "again" } });
  expect(found.rotation).toEqual([{ kind: "free", weekdays: [1, 2, 3, 4, 5] }]);
});

test("what can not be played hides nothing", () => {
  const windows = [
    { ...days("2026-12-01", "2026-12-31"), video_id: "gone" },
    days("2026-12-24", "2026-12-26"),
  ];
  expect(of({ windows }, (id) => id !== "gone").windows).toEqual([[], []]);
});
