import { describe, expect, it } from "vitest";
import { matchFiles, wantedFiles } from "./wanted-files";

const error = (column: string, value: string, code = "upload_not_found") => ({
  line: 2,
  column,
  code,
  detail: "",
  value,
});
const file = (name: string) => new File(["x"], name);

describe("wantedFiles", () => {
  it("names each file once, and only files", () => {
    const errors = [
      error("image", "dance.jpg"),
      error("title", "", "missing"),
      error("video", "dance.mp4"),
      error("image", "dance.jpg"),
    ];
    expect(wantedFiles(errors)).toEqual([
      { name: "dance.jpg", purpose: "image" },
      { name: "dance.mp4", purpose: "video" },
    ]);
  });
});

describe("matchFiles", () => {
  it("knows a file by what people call it: any case, any folder, any way to write й", () => {
    const wanted = wantedFiles([
      error("image", "IMG_1.JPG"),
      error("image", "photos\\cake.jpg"),
      error("video", "чай.mp4"),
    ]);
    const files = [file("img_1.jpg"), file("cake.jpg"), file("чай.mp4".normalize("NFD"))];
    const { matched, unused } = matchFiles(wanted, files);
    expect(matched.map((each) => [each.name, each.file])).toEqual([
      ["IMG_1.JPG", files[0]],
      ["photos\\cake.jpg", files[1]],
      ["чай.mp4", files[2]],
    ]);
    expect(unused).toBe(0);
  });

  it("leaves alone what the table does not name", () => {
    const { matched, unused } = matchFiles(wantedFiles([error("image", "a.jpg")]), [
      file("b.jpg"),
      file(".DS_Store"),
    ]);
    expect(matched).toEqual([]);
    expect(unused).toBe(2);
  });
});
