import type { StorageMove } from "@arv/api-client";
import type { TFunction } from "i18next";

const FAILURES = [
  "access_denied",
  "connection_changed",
  "disk_full",
  "files_missing",
  "same_place",
  "storage_full",
  "storage_unavailable",
] as const;

/** Why a move stopped, in the reader's words; the server's own sentence for a reason new to us. */
export function failureWords(move: StorageMove, t: TFunction<"keeping">): string {
  const known = FAILURES.find((code) => code === move.failure_code);
  return known ? t(`failure.${known}`) : (move.failure_detail ?? "");
}
