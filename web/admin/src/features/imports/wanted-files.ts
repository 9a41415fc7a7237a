import type { CellError, UploadPurpose } from "@arv/api-client";

/** A file a table names and the server does not have. */
export interface WantedFile {
  name: string;
  purpose: UploadPurpose;
}

export interface MatchedFile extends WantedFile {
  file: File;
}

/** The files that are still to come, each once, in the table's order. */
export function wantedFiles(errors: readonly CellError[]): WantedFile[] {
  const wanted = new Map<string, WantedFile>();
  for (const { code, column, value } of errors) {
    const purpose = purposeOf(column);
    if (code !== "upload_not_found" || !purpose || !value) continue;
    wanted.set(`${purpose}:${value}`, { name: value, purpose });
  }
  return [...wanted.values()];
}

/** Which of the files at hand are wanted, and how many are not. */
export function matchFiles(
  wanted: readonly WantedFile[],
  files: readonly File[],
): { matched: MatchedFile[]; unused: number } {
  const byName = new Map(files.map((file) => [plainName(file.name), file]));
  const matched = wanted.flatMap((each) => {
    const file = byName.get(plainName(each.name));
    return file ? [{ ...each, file }] : [];
  });
  const used = new Set(matched.map((each) => each.file));
  return { matched, unused: files.filter((file) => !used.has(file)).length };
}

/**
 * A name as people mean it: without the folder, in any case, and with "й" in one piece. macOS writes
 * it as two characters, and Windows made the table.
 */
function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? name;
  return last.normalize("NFC").trim().toLowerCase();
}

function purposeOf(column: string): UploadPurpose | null {
  return column === "image" || column === "video" ? column : null;
}
