import { Problem } from "@arv/api-client";
import { describe, expect, it, vi } from "vitest";
import { createQueryClient, worthRetrying } from "../query-client";
import { ownPath } from "./search";

describe("ownPath", () => {
  it("keeps a path of this host", () => {
    expect(ownPath("/c/vertex-ar/?q=dance")).toBe("/c/vertex-ar/?q=dance");
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "",
    undefined,
  ])("drops %s, which leads elsewhere", (value) => {
    expect(ownPath(value)).toBeUndefined();
  });
});

describe("createQueryClient", () => {
  const failing = async (problem: Problem) => {
    const onSignedOut = vi.fn();
    const client = createQueryClient(onSignedOut);
    await client.prefetchQuery({ queryKey: ["x"], queryFn: () => Promise.reject(problem) });
    return onSignedOut;
  };

  it("notices that the session is over, wherever it shows", async () => {
    expect(await failing(new Problem(401, { code: "unauthenticated" }))).toHaveBeenCalledOnce();
  });

  it("does not take a wrong password for the end of a session", async () => {
    expect(await failing(new Problem(401, { code: "invalid_credentials" }))).not.toHaveBeenCalled();
  });
});

it("asks again only what may heal by itself, and not for ever", () => {
  expect(worthRetrying(0, new Problem(0))).toBe(true);
  expect(worthRetrying(0, new Problem(503))).toBe(true);
  expect(worthRetrying(2, new Problem(503))).toBe(false);
  expect(worthRetrying(0, new Problem(404))).toBe(false);
  expect(worthRetrying(0, new TypeError("bug"))).toBe(false);
});
