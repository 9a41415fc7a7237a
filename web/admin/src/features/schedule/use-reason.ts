import type { Schedule } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { dateWords, rotationWords, windowWords } from "./rule-words";
import { rulesOf } from "./rules";

interface Decided {
  reason: string;
  index: number | null;
}

/** Says in words which rule decided. */
export function useReason(schedule: Schedule): (decided: Decided) => string {
  const { t, i18n } = useTranslation("schedule");
  const rules = rulesOf(schedule);
  const named = (name: string | undefined, words: string) =>
    name ? t("see.because.named", { name, words }) : words;
  return ({ reason, index }) => {
    const date = reason === "date" ? rules.dates[index ?? 0] : undefined;
    if (date) return named(date.name, dateWords(date, t, i18n.language));
    const window = reason === "window" ? rules.windows[index ?? 0] : undefined;
    if (window) {
      const words = windowWords(window, schedule.effective_time_zone, t, i18n.language);
      return named(window.name, words);
    }
    return reason === "rotation" && rules.rotation
      ? rotationWords(rules.rotation, t)
      : t("see.because.default");
  };
}
