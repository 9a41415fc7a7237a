import { describe, expect, it } from "vitest";
import { purposeOf, refusalOf, sortFiles, titleFrom } from "./accept";

const file = (name: string, type = "", size = 1) => {
  const made = new File(["x"], name, { type });
  Object.defineProperty(made, "size", { value: size });
  return made;
};

describe("refusalOf", () => {
  it("lets through what the server may accept", () => {
    expect(refusalOf(file("a.jpg", "image/jpeg"), "image")).toBeNull();
    expect(refusalOf(file("IMG_1.HEIC"), "image")).toBeNull();
    expect(refusalOf(file("clip.mov", "video/quicktime", 2e9), "video")).toBeNull();
  });

  it("refuses before sending what can not work", () => {
    expect(refusalOf(file("a.jpg", "image/jpeg", 0), "image")).toBe("file_empty");
    expect(refusalOf(file("a.mp4", "video/mp4"), "image")).toBe("unsupported_media_type");
    expect(refusalOf(file("notes.txt", "text/plain"), "video")).toBe("unsupported_media_type");
  });

  it("leaves to the server what has no type at all", () => {
    expect(purposeOf(file("scan"))).toBeNull();
    expect(refusalOf(file("scan"), "image")).toBeNull();
  });
});

it("sorts a drop of several files into photo and video, the first of each", () => {
  const [video, photo, second] = [file("b.mp4"), file("a.png"), file("c.png")];
  expect(sortFiles([video, photo, second])).toEqual({ image: photo, video });
});

it("makes a title of a file's name", () => {
  expect(titleFrom("IMG_2041.final-cut.jpg")).toBe("IMG 2041 final cut");
});
