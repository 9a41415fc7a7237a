import { useTranslation } from "react-i18next";
import { type Verdict, verdictOf } from "../report";
import classes from "./score-gauge.module.css";

const TICKS = 41;
const SWEEP_DEGREES = 240;

/** The score of a target, 0 to 100, on a dial of ticks. */
export function ScoreGauge({ score }: { score: number }) {
  const { t } = useTranslation();
  const verdict = verdictOf(score);
  return (
    <div className={classes.gauge} data-verdict={verdict}>
      <svg
        viewBox="-100 -100 200 168"
        className={classes.dial}
        aria-hidden="true"
        focusable="false"
      >
        {ticks(score).map(({ angle, lit }, index) => (
          <line
            key={angle}
            x1={0}
            y1={index % 10 === 0 ? -70 : -75}
            x2={0}
            y2={-92}
            transform={`rotate(${angle})`}
            className={lit ? classes.lit : classes.unlit}
            style={{ animationDelay: `${index * 12}ms` }}
          />
        ))}
      </svg>
      <div className={classes.words}>
        <span className={classes.number} data-testid="target-score">
          {Math.round(score)}
        </span>
        <span className={classes.verdict}>{t(`target.verdict.${verdict}`)}</span>
      </div>
    </div>
  );
}

/** A score in a line of text, such as under a print. */
export function ScoreBadge({ score }: { score: number }) {
  const { t } = useTranslation();
  const verdict: Verdict = verdictOf(score);
  const label = t("target.scoreOf", { score: Math.round(score) });
  return (
    <span
      className={classes.badge}
      data-verdict={verdict}
      role="img"
      aria-label={label}
      title={label}
    >
      {Math.round(score)}
    </span>
  );
}

function ticks(score: number): { angle: number; lit: boolean }[] {
  return Array.from({ length: TICKS }, (_, index) => {
    const share = index / (TICKS - 1);
    return { angle: (share - 0.5) * SWEEP_DEGREES, lit: share * 100 <= score };
  });
}
