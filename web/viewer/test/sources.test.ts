import { describe, expect, it } from "vitest";
import type { Manifest } from "../src/manifest.js";
import { firstSource, plainUrl, sourcesOf } from "../src/playback/sources.js";

type Video = Manifest["video"];
const rendition = (url: string, bitrate: number, alpha: "none" | "side_by_side" = "none") => ({
  ...{ url, bitrate, alpha, width: 1, height: 1, size_bytes: 1 },
});
const video = (over: Partial<Video> = {}): Video => ({
  ...{ url: "full", media_type: "video/mp4", width: 1920, height: 1080, duration_seconds: 5 },
  ...{ has_audio: true, poster_url: null },
  renditions: [rendition("small", 500_000), rendition("middle", 1_200_000)],
  ...over,
});
const chosen = (line: Parameters<typeof firstSource>[1]) => {
  const sources = sourcesOf(video());
  return sources[firstSource(sources, line)]?.url;
};

describe("firstSource", () => {
  it("is the full file where the browser says nothing of the line", () => {
    expect(chosen(undefined)).toBe("full");
  });
  it("is the smallest for who saves data", () => {
    expect(chosen({ saveData: true, downlink: 10 })).toBe("small");
  });
  it("is the smallest on a slow line", () => {
    expect(chosen({ effectiveType: "3g", downlink: 1.4 })).toBe("small");
  });
  it("is what the line should carry", () => {
    expect(chosen({ effectiveType: "4g", downlink: 10 })).toBe("full");
    expect(chosen({ effectiveType: "4g", downlink: 2.2 })).toBe("middle");
    expect(chosen({ effectiveType: "4g", downlink: 1 })).toBe("small");
    expect(chosen({ effectiveType: "4g", downlink: 0.3 })).toBe("small");
  });
  it("is the only one there is", () => {
    expect(firstSource(sourcesOf(video({ renditions: [] })), { saveData: true })).toBe(0);
  });
});

describe("a transparent video", () => {
  const transparent = video({
    alpha: "side_by_side",
    renditions: [rendition("flat", 900_000), rendition("masked", 500_000, "side_by_side")],
  });
  it("is never mixed up with the one laid on white", () => {
    expect(sourcesOf(transparent).map(({ url }) => url)).toEqual(["full", "masked"]);
  });
  it("is laid on white for players that know no masks", () => {
    expect(plainUrl(transparent)).toBe("flat");
    expect(plainUrl(video())).toBe("full");
  });
});
