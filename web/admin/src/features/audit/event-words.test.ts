// @vitest-environment jsdom
import type { AuditEvent } from "@arv/api-client";
import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { needWords, startI18n } from "@/app/i18n";
import { changesOf, eventWords } from "./event-words";

const event = (name: string, changes: AuditEvent["changes"] = {}) =>
  ({ name, changes }) as AuditEvent;

beforeAll(async () => {
  await startI18n("en");
  await needWords("settings");
});

describe("eventWords", () => {
  it("says what happened", () => {
    expect(eventWords(event("content.published"), i18next)).toBe("published a print");
  });

  it("shows the name of an event a newer server has", () => {
    expect(eventWords(event("moon.waxed"), i18next)).toBe("moon.waxed");
  });
});

describe("changesOf", () => {
  it("shows both sides as text, and nothing as a dash", () => {
    const changes = { title: ["Spring", "Summer"], settings: [null, { wide: true }] };
    expect(changesOf(event("content.updated", changes), "en")).toEqual([
      { field: "title", before: "Spring", after: "Summer" },
      { field: "settings", before: "–", after: '{"wide":true}' },
    ]);
  });

  it("shows moments as people read them", () => {
    const changes = { ends_at: [null, "2027-01-05T12:00:00+00:00"] };
    const [change] = changesOf(event("subscription.updated", changes), "en");
    expect(change?.after).toMatch(/^Jan 5, 2027/);
  });
});
