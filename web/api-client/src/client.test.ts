import { describe, expect, it } from "vitest";
import { answer, answerTagged } from "./client";
import { Problem } from "./problem";

const result = (status: number, parts: { data?: unknown; error?: unknown }) =>
  Promise.resolve({ ...parts, response: new Response(null, { status }) });

describe("answer", () => {
  it("is the body of a success", async () => {
    expect(await answer(result(200, { data: { id: 1 } }))).toEqual({ id: 1 });
    expect(await answer(result(204, {}))).toBeUndefined();
  });

  it("throws the problem the server describes", async () => {
    const error = {
      code: "no_video",
      title: "There is nothing to play",
      detail: "Add one.",
      request_id: "r1",
    };
    await expect(answer(result(409, { error }))).rejects.toMatchObject({
      status: 409,
      code: "no_video",
      detail: "Add one.",
      requestId: "r1",
    });
  });

  it("makes a problem of a page in a proxy's own words", async () => {
    await expect(answer(result(502, { error: "<html>" }))).rejects.toMatchObject({
      code: "http_502",
      detail: null,
    });
  });

  it("makes a problem of a request nobody answered", async () => {
    const call = Promise.reject(new TypeError("Failed to fetch"));
    await expect(answer(call)).rejects.toEqual(
      new Problem(0, { title: "No answer from the server" }),
    );
  });

  it("lets a cancelled request stay one", async () => {
    const abort = new DOMException("stopped", "AbortError");
    await expect(answer(Promise.reject(abort))).rejects.toBe(abort);
  });
});

it("keeps the tag of what was read, as strong as the server gave it", async () => {
  const tagged = (etag: string) =>
    answerTagged(
      Promise.resolve({
        data: { id: 1 },
        response: new Response("{}", { headers: { ETag: etag } }),
      }),
    );
  expect(await tagged('"3.ab"')).toEqual({ id: 1, etag: '"3.ab"' });
  expect(await tagged('W/"3.ab"')).toEqual({ id: 1, etag: '"3.ab"' });
});
