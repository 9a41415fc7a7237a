/** A megabyte as uploads are limited: the installation's 500 MB are 500 of these. */
const BYTES_PER_MB = 1024 * 1024;
const LARGEST_MB = 1024 * 1024;

/** The limit of one file as a form shows it; empty is the installation's. */
export function typedMegabytes(bytes: number | null | undefined): string {
  return bytes ? String(Number((bytes / BYTES_PER_MB).toFixed(2))) : "";
}

/** The bytes meant by what was typed; null for nothing, undefined for what is no size of a file. */
export function bytesOf(typed: string): number | null | undefined {
  const text = typed.trim().replace(",", ".");
  if (text === "") return null;
  const megabytes = Number(text);
  if (!(megabytes > 0 && megabytes <= LARGEST_MB)) return undefined;
  return Math.max(1, Math.round(megabytes * BYTES_PER_MB));
}
