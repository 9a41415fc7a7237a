import { expect, test } from "vitest";
import { begun, isComplete, PRESETS, rulesOf, withEdited } from "./rules";

const videos = [{ id: "a" }, { id: "b" }];

test.each(PRESETS)("the preset %s is complete as it begins", (preset) => {
  expect(isComplete(begun(preset, videos, "2026-02-14"))).toBe(true);
});

test("a new rule goes last, an edited one stays in its place", () => {
  const first = begun("year", videos, "2026-02-14");
  const rules = withEdited(rulesOf({ dates: [], windows: [] }), first);
  const second = withEdited(rules, begun("month", videos, "2026-02-14"));
  if (first.part !== "date") throw new Error("a year is a date");
  const changed = withEdited(second, { ...first, index: 0, rule: { ...first.rule, day: 15 } });
  expect(changed.dates.map((rule) => [rule.every, rule.day])).toEqual([
    ["year", 15],
    ["month", 14],
  ]);
});

test("two videos can not begin at the same time of day", () => {
  const hours = begun("hours", videos, "2026-02-14");
  if (hours.part !== "rotation") throw new Error("hours are a rotation");
  const turns = hours.rule.turns.map((turn) => ({ ...turn, from_time: "08:00" }));
  expect(isComplete({ ...hours, rule: { ...hours.rule, turns } })).toBe(false);
});
