import { expect, test } from "vitest";
import type { Manifest } from "../src/manifest.js";
import { countView, forView, type Memory } from "../src/sequence.js";

const video = (url: string) => ({ url }) as Manifest["video"];

function manifestWith(at_end: "again" | "stay"): Manifest {
  const sequence = { videos: ["a", "b", "c"].map(video), at_end };
  return { video: video("a"), sequence } as unknown as Manifest;
}

function memory(): Memory {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

const seen = (manifest: Manifest) =>
  [0, 1, 2, 3, 4].map((view) => forView(manifest, view).video.url);

test("each view shows the next video, over and over or until the last", () => {
  expect(seen(manifestWith("again"))).toEqual(["a", "b", "c", "a", "b"]);
  expect(seen(manifestWith("stay"))).toEqual(["a", "b", "c", "c", "c"]);
});

test("without a sequence everybody sees the manifest's video", () => {
  const manifest = { video: video("x") } as Manifest;
  expect(forView(manifest, 7)).toBe(manifest);
});

test("a browser counts the openings of each print by itself", () => {
  const kept = memory();
  const views = ["one", "one", "two", "one"].map((id) => countView(kept, id));
  expect(views).toEqual([0, 1, 0, 2]);
});

test("where nothing can be kept every opening is the first", () => {
  const closed: Memory = {
    getItem: () => {
      throw new Error("blocked");
    },
    setItem: () => undefined,
  };
  expect([countView(closed, "one"), countView(null, "one")]).toEqual([0, 0]);
  const strange: Memory = { getItem: () => "many", setItem: () => undefined };
  expect(countView(strange, "one")).toBe(0);
});
