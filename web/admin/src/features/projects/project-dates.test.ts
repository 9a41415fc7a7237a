import type { TFunction } from "i18next";
import { expect, it } from "vitest";
import { isSpan, projectDates } from "./project-dates";

const t = ((key: string, facts: Record<string, string>) =>
  [key, ...Object.values(facts)].join("|")) as unknown as TFunction<"contents">;
const told = (starts_on: string | null, ends_on: string | null) =>
  projectDates({ starts_on, ends_on }, t, "en");

it("says when a project is, as far as it is known", () => {
  expect(told(null, null)).toBeNull();
  expect(told("2026-06-01", "2026-06-30")).toBe("Jun 1, 2026 – Jun 30, 2026");
  expect(told("2026-06-01", "2026-06-01")).toBe("Jun 1, 2026");
  expect(told("2026-06-01", null)).toBe("project.from|Jun 1, 2026");
  expect(told(null, "2026-06-30")).toBe("project.until|Jun 30, 2026");
});

it("knows an end before its beginning", () => {
  expect(isSpan({ starts_on: "2026-06-02", ends_on: "2026-06-01" })).toBe(false);
  expect(isSpan({ starts_on: "2026-06-01", ends_on: "2026-06-01" })).toBe(true);
  expect(isSpan({ starts_on: null, ends_on: "2026-06-01" })).toBe(true);
});
