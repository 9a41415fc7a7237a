import { describe, expect, it } from "vitest";
import { contactOf, fieldsOf } from "./contact";

describe("contactOf", () => {
  it("sends nothing in place of empty fields", () => {
    const fields = fieldsOf({ name: "Ada" });
    expect(contactOf(fields)).toEqual({ name: "Ada", email: null, phone: null, address: null });
  });

  it("gives back what it was given, without stray spaces", () => {
    const fields = { ...fieldsOf({}), city: " Berlin ", country: "de" };
    expect(contactOf(fields).address).toEqual({
      street: null,
      postal_code: null,
      city: "Berlin",
      country: "DE",
    });
  });
});
