import { useTranslation } from "react-i18next";
import { formatDay, formatMomentIn, momentToWall } from "@/lib/zoned-time";
import { type Finding, lastDayBefore } from "./rule-findings";
import { weekdayList, windowWords } from "./rule-words";
import type { Rules } from "./rules";

/** Says a finding to people, on the clocks of the rules. */
export function useFindingWords(rules: Rules, zone: string): (finding: Finding) => string {
  const { t, i18n } = useTranslation("schedule");
  const { language } = i18n;
  const stretch = (from: number, to: number) => stretchWords(from, to, zone, language);
  const nameOf = (index: number) => {
    const rule = rules.windows[index];
    return rule ? rule.name || windowWords(rule, zone, t, language) : "";
  };
  return (finding) => {
    switch (finding.kind) {
      case "hidden":
        return t(`finding.hidden.${finding.by}`);
      case "over":
        return t("finding.over");
      case "meets":
        return t("finding.meets", {
          when: stretch(finding.from, finding.to),
          name: nameOf(finding.by),
        });
      case "gap":
        return t("finding.gap", { when: stretch(finding.from, finding.to) });
      case "free":
        return t("finding.free", { days: weekdayList(finding.weekdays, language) });
    }
  };
}

/** Whole days as days, anything else to the minute; an open end as its beginning alone. */
function stretchWords(from: number, to: number, zone: string, language: string): string {
  const wall = (time: number) => momentToWall(new Date(time).toISOString(), zone);
  const isDays = [from, to].every(
    (time) => !Number.isFinite(time) || wall(time).endsWith("T00:00"),
  );
  const moment = (time: number) => formatMomentIn(new Date(time).toISOString(), zone, language);
  const first = Number.isFinite(from)
    ? isDays
      ? formatDay(wall(from).slice(0, 10), language)
      : moment(from)
    : null;
  const last = Number.isFinite(to)
    ? isDays
      ? formatDay(lastDayBefore(to, zone), language)
      : moment(to)
    : null;
  if (first === last) return first ?? "";
  return `${first ?? "…"} – ${last ?? "…"}`;
}
