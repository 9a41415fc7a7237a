import type { Target } from "@arv/api-client";
import { IconBulb, IconCheck } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { formatPercent } from "@/lib/format";
import { readReport, type TargetReport } from "../report";
import classes from "./target-panel.module.css";

/** Why a target has its score, and what would make a better one. */
export function ReportFacts({ target }: { target: Target }) {
  const { t, i18n } = useTranslation();
  const report = readReport(target.report);
  return (
    <ul className={classes.facts}>
      {factsOf(report, t, i18n.language).map((fact) => (
        <li key={fact} className={classes.fact}>
          <IconCheck size={18} stroke={2.2} aria-hidden />
          <span>{fact}</span>
        </li>
      ))}
      {report.advice.map((advice) => (
        <li key={advice} className={classes.fact} data-tone="advice">
          <IconBulb size={18} stroke={1.8} aria-hidden />
          <span>{t(`target.advice.${advice}`)}</span>
        </li>
      ))}
    </ul>
  );
}

function factsOf(report: TargetReport, t: TFunction, language: string): string[] {
  const percent = (share: number) => formatPercent(share, language);
  return [
    report.distanceMin !== null &&
      t("target.fact.distance", { percent: percent(report.distanceMin) }),
    report.tiltMax !== null && t("target.fact.tilt", { degrees: Math.round(report.tiltMax) }),
    report.lightMin !== null && t("target.fact.light", { percent: percent(report.lightMin) }),
    report.coverage !== null && t("target.fact.coverage", { percent: percent(report.coverage) }),
  ].filter((fact) => fact !== false);
}
