import type { CellError } from "@arv/api-client";
import type { TFunction } from "i18next";

const COLUMNS = ["key", "title", "image", "video"] as const;
const CODES = ["missing", "too_long", "repeated", "upload_not_found"] as const;

/** What a column is called on the screen; a name new to us stays as it is. */
export function columnWord(column: string, t: TFunction<"contents">): string {
  const known = COLUMNS.find((each) => each === column);
  return known ? t(`import.column.${known}`) : column;
}

/** What is wrong with a cell, in the reader's words; the server's own sentence where we have none. */
export function cellWords({ code, value, detail }: CellError, t: TFunction<"contents">): string {
  const known = CODES.find((each) => each === code);
  return known ? t(`import.cell.${known}`, { value: value ?? "" }) : detail;
}
