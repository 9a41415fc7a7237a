import type { CompanyJob } from "@arv/api-client";
import type { i18n } from "i18next";

/** What the work is for, in words; the bare name of a task that is new to us. */
export function taskWords(taskName: string, words: i18n): string {
  return known(`jobs:task.${taskName.replace(".", "_")}`, words) ?? taskName;
}

/** Why it failed, in the reader's language; else as the service says it. */
export function failureWords(error: CompanyJob["error"], words: i18n): string {
  if (!error) return "";
  return known(`jobs:failure.${error.code}`, words) ?? error.detail;
}

function known(key: string, words: i18n): string | null {
  return words.exists(key) ? String(words.t(key as never)) : null;
}

/** How long, in the largest unit that says enough. */
export function formatAge(seconds: number, language: string): string {
  const [unit, length] =
    seconds >= 86400
      ? (["day", 86400] as const)
      : seconds >= 3600
        ? (["hour", 3600] as const)
        : seconds >= 60
          ? (["minute", 60] as const)
          : (["second", 1] as const);
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(
    Math.floor(seconds / length),
  );
}
