import { expect, it } from "vitest";
import { droppedFiles } from "./dropped-files";

const fileEntry = (name: string) => ({
  isFile: true,
  file: (found: (file: File) => void) => found(new File(["x"], name)),
});
const folder = (...parts: object[][]) => ({
  isFile: false,
  createReader: () => {
    const left = [...parts];
    return { readEntries: (found: (entries: object[]) => void) => found(left.shift() ?? []) };
  },
});
const transfer = (...entries: (object | null)[]) =>
  ({
    items: entries.map((entry) => ({ kind: "file", webkitGetAsEntry: () => entry })),
    files: [new File(["x"], "plain.jpg")],
  }) as unknown as DataTransfer;

it("finds every file of a folder, though the browser hands it out in parts", async () => {
  const album = folder([fileEntry("a.jpg"), folder([fileEntry("deep.mp4")])], [fileEntry("b.jpg")]);
  const files = await droppedFiles(transfer(album, fileEntry("c.jpg")));
  expect(files.map((file) => file.name)).toEqual(["a.jpg", "deep.mp4", "b.jpg", "c.jpg"]);
});

it("takes the plain files of a browser that knows no folders", async () => {
  const files = await droppedFiles(transfer(null));
  expect(files.map((file) => file.name)).toEqual(["plain.jpg"]);
});
