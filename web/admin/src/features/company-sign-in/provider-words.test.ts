import { describe, expect, it } from "vitest";
import { domainsIn, isComplete, updateOf, wordsOf } from "./provider-words";

const typed = {
  ...wordsOf(null),
  issuer: " https://accounts.example.com ",
  clientId: "arv",
  secret: "from the provider",
  domains: "example.com",
};

describe("domainsIn", () => {
  it("takes domains however they are listed, each once", () => {
    expect(domainsIn("@Example.com; studio.example\nexample.com,")).toEqual([
      "example.com",
      "studio.example",
    ]);
  });
});

describe("isComplete", () => {
  it("wants a secret of a new provider only", () => {
    expect(isComplete(typed, true)).toBe(true);
    expect(isComplete({ ...typed, secret: "" }, true)).toBe(false);
    expect(isComplete({ ...typed, secret: "" }, false)).toBe(true);
  });

  it("wants an address and a domain", () => {
    expect(isComplete({ ...typed, issuer: "accounts.example.com" }, true)).toBe(false);
    expect(isComplete({ ...typed, domains: " , " }, true)).toBe(false);
  });
});

it("leaves the secret out where none was typed, so that the one of before stays", () => {
  expect(updateOf({ ...typed, secret: "" })).not.toHaveProperty("client_secret");
  expect(updateOf(typed).issuer).toBe("https://accounts.example.com");
});
