import { expect, it } from "vitest";
import { expiryAfter } from "./key-terms";

const NOW = new Date("2026-11-23T09:00:00Z");

it("counts the days a key is valid from now", () => {
  expect(expiryAfter("month", NOW)).toBe("2026-12-23T09:00:00.000Z");
  expect(expiryAfter("year", NOW)).toBe("2027-11-23T09:00:00.000Z");
});

it("leaves out the end of a key that is valid until it is revoked", () => {
  expect(expiryAfter("forever", NOW)).toBeNull();
});
