import type { ArContent, Video } from "@arv/api-client";
import { describe, expect, it } from "vitest";
import { canBeKeyed, colorAround, FIRST_KEY, previewUrl } from "./chroma";

const content = { id: "c1", company_id: "k1" } as ArContent;
const video = (over: Partial<Video> = {}) =>
  ({ id: "v1", url: "/a.mp4", status: "ready", alpha: "none", chroma_key: null, ...over }) as Video;

describe("canBeKeyed", () => {
  it("is for what plays and has no mask of its own", () => {
    expect(canBeKeyed(video())).toBe(true);
    expect(canBeKeyed(video({ alpha: "side_by_side" }))).toBe(false);
    expect(canBeKeyed(video({ alpha: "side_by_side", chroma_key: FIRST_KEY }))).toBe(true);
    expect(canBeKeyed(video({ url: null, status: "processing" }))).toBe(false);
  });
});

describe("previewUrl", () => {
  it("names the frame, and the key when there is one", () => {
    const base = "/api/v1/companies/k1/contents/c1/videos/v1/chroma-key/preview?at_seconds=1.50";
    expect(previewUrl(content, video(), 1.5, null)).toBe(base);
    expect(previewUrl(content, video(), 1.5, FIRST_KEY)).toBe(
      `${base}&color=00b140&tolerance=0.250&softness=0.100&despill=0.500`,
    );
  });
});

describe("colorAround", () => {
  it("is the mean of the pixels near the point, also at the edge", () => {
    const data = new Uint8ClampedArray(4 * 9).fill(255);
    for (let i = 0; i < 9; i++) data.set([0, i < 3 ? 90 : 180, 60], 4 * i);
    expect(colorAround({ data, width: 3, height: 3 }, 0, 0)).toBe("#00963c");
  });
});
