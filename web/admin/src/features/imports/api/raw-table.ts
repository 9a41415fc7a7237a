import type { ImportTable } from "../import-table";

/** A table as the body of a request: its bytes, not a text, so that no encoding is lost on the way. */
export const rawTable = (table: ImportTable) => ({
  // The generated type knows the body of `text/csv` as a text only.
  body: table.content as unknown as string,
  bodySerializer: (body: unknown) => body as Blob,
  headers: { "Content-Type": "text/csv" },
});
