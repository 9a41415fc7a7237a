import { expect, it, vi } from "vitest";
import { addressOf, renewAddresses, renewPictures } from "../src/playback/addresses.js";

const FILE = "0a1b2c.mp4";
const OLD = `/storage/c/videos/0a/${FILE}?e=1&s=a`;
const FRESH = `https://bucket.example/c/videos/0a/${FILE}?X-Amz-Date=2`;
const MANIFEST = { video: { url: "/other.mp4", renditions: [{ url: FRESH }] } };

class Video extends EventTarget {
  src = OLD;
  currentTime = 42;
  paused = false;
  play = vi.fn(async () => undefined);
}

function opened(answer: () => Response) {
  const video = new Video();
  const around = { now: vi.fn(() => 0), fetch: vi.fn(async () => answer()) };
  renewAddresses(video as unknown as HTMLVideoElement, "42", around);
  const heard = vi.fn();
  video.addEventListener("error", heard);
  return { video, around, heard };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it("goes on where it stopped when an address has ended", async () => {
  const { video, around, heard } = opened(() => Response.json(MANIFEST));

  video.dispatchEvent(new Event("error", { cancelable: true }));
  await settled();

  expect(around.fetch).toHaveBeenCalledWith("/api/v1/viewer/42/manifest?renewal=true");
  expect([video.src, video.currentTime]).toEqual([FRESH, 42]);
  expect(video.play).toHaveBeenCalledOnce();
  expect(heard).not.toHaveBeenCalled();
});

it("tells of an error that no new address mends, once, and does not ask again at once", async () => {
  const { video, around, heard } = opened(() => new Response("", { status: 410 }));

  video.dispatchEvent(new Event("error"));
  await settled();
  video.dispatchEvent(new Event("error"));

  expect(heard).toHaveBeenCalledTimes(2);
  expect(around.fetch).toHaveBeenCalledOnce();
  expect(video.src).toBe(OLD);
});

it("leaves a video alone that plays something else by now", async () => {
  const { video, heard } = opened(() => Response.json(MANIFEST));

  video.dispatchEvent(new Event("error"));
  video.src = "/next.mp4";
  await settled();

  expect(video.src).toBe("/next.mp4");
  expect(heard).not.toHaveBeenCalled();
});

it("finds nothing where there is nothing", () => {
  expect(addressOf(FILE, { video: null, list: [1, "x"] })).toBeNull();
});

class Picture extends EventTarget {
  tagName = "IMG";
  src = OLD;
}

/** A page with a picture in it; the browser tells the page of an error on its way to the picture. */
function pageWith(answer: () => Response) {
  const page = new EventTarget();
  const picture = new Picture();
  const heard = vi.fn();
  const around = { now: () => 0, fetch: vi.fn(async () => answer()) };
  renewPictures(page, "42", around);
  picture.addEventListener("error", heard);
  const fail = () => {
    const event = new Event("error");
    Object.defineProperty(event, "target", { value: picture });
    page.dispatchEvent(event);
  };
  return { picture, heard, around, fail };
}

it("shows a picture whose address ended before it came", async () => {
  const { picture, heard, fail } = pageWith(() => Response.json(MANIFEST));

  fail();
  await settled();

  expect(picture.src).toBe(FRESH);
  expect(heard).not.toHaveBeenCalled();
});

it("tells of a picture that no new address brings, and asks once", async () => {
  const { picture, heard, around, fail } = pageWith(() => new Response("", { status: 410 }));

  fail();
  await settled();
  fail();

  expect([picture.src, heard.mock.calls.length]).toEqual([OLD, 1]);
  expect(around.fetch).toHaveBeenCalledOnce();
});
