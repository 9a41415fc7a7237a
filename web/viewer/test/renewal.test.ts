import { expect, test } from "vitest";
import type { Manifest } from "../src/manifest.js";
import { Renewal } from "../src/renewal.js";

const NOON = Date.parse("2026-12-24T12:00:00Z");

function manifestOf(video: string, valid_until: string | null, target = "t"): Manifest {
  const parts = { video: { url: video }, target: { url: target }, valid_until };
  return { version: 1, id: "print", ...parts } as unknown as Manifest;
}

/** A page whose server answers with what is given, and what it heard. */
function page(first: Manifest, answer: () => Promise<Response>) {
  const heard: string[] = [];
  const asked: string[] = [];
  const around = {
    time: NOON,
    now: () => around.time,
    fetch: (url: string) => {
      asked.push(url);
      return answer();
    },
  };
  const listener = {
    onChanged: (fresh: Manifest) => void heard.push(fresh.video.url),
    onClosed: () => void heard.push("closed"),
  };
  return { renewal: new Renewal(first, listener, around), around, asked, heard };
}

const answering =
  (body: unknown, status = 200) =>
  async () =>
    new Response(JSON.stringify(body), { status });

test("before its time nothing is asked, after it the new video is told", async () => {
  const next = manifestOf("b?s=2", null);
  const { renewal, around, asked, heard } = page(
    manifestOf("a", "2026-12-24T12:30:00Z"),
    answering(next),
  );
  await renewal.renewIfDue();
  expect(asked).toEqual([]);
  around.time = Date.parse("2026-12-24T12:30:00Z");
  await renewal.renewIfDue();
  await renewal.renewIfDue();
  expect(asked).toEqual(["/api/v1/viewer/print/manifest?renewal=true"]);
  expect(heard).toEqual(["b?s=2"]);
});

test("a phone whose clock is wrong asks once a minute at most", async () => {
  const past = manifestOf("a", "2026-12-24T11:00:00Z");
  const { renewal, around, asked } = page(past, answering(past));
  for (const seconds of [0, 20, 59, 60, 90]) {
    around.time = NOON + seconds * 1000;
    await renewal.renewIfDue();
  }
  expect(asked.length).toBe(2);
});

test.each([404, 410])("a print that has closed (%i) is opened anew to say so", async (status) => {
  const { renewal, heard } = page(manifestOf("a", "2026-12-24T12:00:00Z"), answering({}, status));
  await renewal.renewIfDue();
  expect(heard).toEqual(["closed"]);
});

test("another picture to recognise takes a new page", async () => {
  const other = manifestOf("a", null, "u");
  const { renewal, heard } = page(manifestOf("a", "2026-12-24T12:00:00Z"), answering(other));
  await renewal.renewIfDue();
  expect(heard).toEqual(["closed"]);
});

test("without a network what is there plays on", async () => {
  const { renewal, heard } = page(manifestOf("a", "2026-12-24T12:00:00Z"), () =>
    Promise.reject(new TypeError("offline")),
  );
  await renewal.renewIfDue();
  expect(heard).toEqual([]);
});
