import { describe, expect, it } from "vitest";
import { readReport, verdictOf } from "./report";

describe("readReport", () => {
  it("reads what the engine writes", () => {
    const report = readReport({
      ranges: { distance: [0.14, 1], tilt_degrees: 55, light: 0.25 },
      coverage: 0.8,
      advice: [{ code: "uneven", text: "…" }],
      heat_map: [
        [0, 255],
        [51, 0],
      ],
    });
    expect(report).toEqual({
      heat: { columns: 2, rows: 2, cells: [0, 1, 0.2, 0] },
      advice: ["uneven"],
      distanceMin: 0.14,
      tiltMax: 55,
      lightMin: 0.25,
      coverage: 0.8,
    });
  });

  it("makes do with a report that is missing, older or newer", () => {
    const nothing = {
      heat: null,
      advice: [],
      distanceMin: null,
      tiltMax: null,
      lightMin: null,
      coverage: null,
    };
    expect(readReport(null)).toEqual(nothing);
    expect(readReport({ advice: ["moon_is_full"], heat_map: "none", ranges: 3 })).toEqual(nothing);
    expect(readReport({ heat_map: [[1, 2], [3]] })).toEqual(nothing);
    expect(readReport({ heat_map: [[0, 0]] })).toEqual(nothing);
  });
});

it("puts a score into words", () => {
  expect([95, 80, 79.9, 60, 40, 39].map(verdictOf)).toEqual([
    "excellent",
    "excellent",
    "good",
    "good",
    "fair",
    "weak",
  ]);
});
