import type { TFunction } from "i18next";

/** What a storage can say is wrong, each with words of its own in `storage.trouble`. */
const TROUBLES = [
  "access_denied",
  "access_key_unknown",
  "address_refused",
  "browser_refused",
  "browser_unreachable",
  "bucket_missing",
  "certificate_wrong",
  "clock_wrong",
  "content_damaged",
  "cors_missing",
  "endpoint_unreachable",
  "region_wrong",
  "secret_unreadable",
  "secret_wrong",
  "storage_full",
  "storage_unavailable",
] as const;

/** The reader's words for a code; the server's own sentence for one that is new to us. */
export function troubleWords(code: string, detail: string, t: TFunction<"storage">): string {
  const known = TROUBLES.find((trouble) => trouble === code);
  return known ? t(`trouble.${known}`) : detail;
}

const STEPS = ["address", "open", "write", "read", "range", "list", "browser", "delete"] as const;

/** What a step of the test does. */
export function stepWords(name: string, t: TFunction<"storage">): string {
  const known = STEPS.find((step) => step === name);
  return known ? t(`step.${known}`) : name;
}
