import { expect, it } from "vitest";
import { readProjectFilter } from "./project-filter";

it("reads what the panel puts into an address, and nothing it does not know", () => {
  const filter = { q: "june", archived: true, sort: "name" } as const;
  expect(readProjectFilter(filter)).toEqual(filter);
  expect(readProjectFilter({ q: 2026 })).toEqual({ q: "2026" });
  expect(readProjectFilter({ q: "", archived: 1, sort: "colour" })).toEqual({});
  expect(readProjectFilter({ sort: "-created_at" })).toEqual({});
});
