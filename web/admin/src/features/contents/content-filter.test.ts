import { describe, expect, it } from "vitest";
import { choicesMade, filterQuery, isNarrowed, readContentFilter } from "./content-filter";

describe("readContentFilter", () => {
  it("reads what the panel itself puts into an address", () => {
    const filter = { q: "dance", status: "draft", video: "without", archived: true } as const;
    expect(readContentFilter(filter)).toEqual(filter);
  });

  it("leaves out what nobody knows, whoever wrote the address", () => {
    const search = { status: "glowing", target: 4, video: true, archived: "no", sort: "id", q: "" };
    expect(readContentFilter(search)).toEqual({});
  });

  it("takes digits for words: an address makes a number of them", () => {
    expect(readContentFilter({ q: 2026 })).toEqual({ q: "2026" });
  });

  it("has one address for the order every list begins with", () => {
    expect(readContentFilter({ sort: "-created_at" })).toEqual({});
    expect(readContentFilter({ sort: "title" })).toEqual({ sort: "title" });
  });
});

describe("filterQuery", () => {
  it("says it in the API's words, and says nothing of what was not asked", () => {
    expect(filterQuery({})).toEqual({});
    expect(filterQuery({ target: "failed", project: "p1", video: "without" })).toEqual({
      target_status: "failed",
      project_id: "p1",
      has_video: false,
    });
    expect(filterQuery({ video: "with" })).toEqual({ has_video: true });
  });

  it("asks for what is live and ends within thirty days", () => {
    const now = Date.parse("2026-12-01T00:00:00Z");
    expect(filterQuery({ ends: "soon" }, now)).toEqual({
      status: "published",
      ends_before: "2026-12-31T00:00:00.000Z",
    });
  });
});

it("knows a list that leaves something out from one that is merely ordered", () => {
  expect(isNarrowed({ archived: true, sort: "title" })).toBe(false);
  expect(isNarrowed({ project: "p1" })).toBe(true);
  expect(choicesMade({ q: "x", archived: true, sort: "title", video: "with" })).toBe(2);
});
