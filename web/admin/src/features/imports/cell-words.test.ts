import type { TFunction } from "i18next";
import { expect, it } from "vitest";
import { cellWords, columnWord } from "./cell-words";

const t = ((key: string, facts?: Record<string, string>) =>
  facts ? `${key}(${facts.value})` : key) as unknown as TFunction<"contents">;
const error = { line: 4, column: "image", code: "upload_not_found", detail: "…", value: "a.jpg" };

it("says what is wrong in words of ours, and in the server's where it knows more than we", () => {
  expect(cellWords(error, t)).toBe("import.cell.upload_not_found(a.jpg)");
  expect(cellWords({ ...error, code: "too_shiny", detail: "It shines." }, t)).toBe("It shines.");
  expect(columnWord("image", t)).toBe("import.column.image");
  expect(columnWord("colour", t)).toBe("colour");
});
