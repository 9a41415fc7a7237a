import { useTranslation } from "react-i18next";
import { dateWords, rotationWords, windowWords } from "./rule-words";
import type { Rules } from "./rules";

interface Decided {
  reason: string;
  index: number | null;
}

/** Says in words which rule decided. */
export function useReason({
  rules,
  zone,
}: {
  rules: Rules;
  zone: string;
}): (decided: Decided) => string {
  const { t, i18n } = useTranslation("schedule");
  const named = (name: string | undefined, words: string) =>
    name ? t("see.because.named", { name, words }) : words;
  return ({ reason, index }) => {
    const date = reason === "date" ? rules.dates[index ?? 0] : undefined;
    if (date) return named(date.name, dateWords(date, t, i18n.language));
    const window = reason === "window" ? rules.windows[index ?? 0] : undefined;
    if (window) {
      const words = windowWords(window, zone, t, i18n.language);
      return named(window.name, words);
    }
    return reason === "rotation" && rules.rotation
      ? rotationWords(rules.rotation, t)
      : t("see.because.default");
  };
}
