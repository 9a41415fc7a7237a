import type { ArContent, Target } from "@arv/api-client";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { Notice, ProblemNotice } from "@/components/problem-notice";
import { ProgressLine } from "@/components/progress-line";
import { formatPercent } from "@/lib/format";
import { codeMessage } from "@/lib/problem-message";
import { useRetryTarget } from "../api/retry-target";
import { stageWord } from "../stage-words";
import { ReportFacts } from "./report-facts";
import { ScoreGauge } from "./score-gauge";
import classes from "./target-panel.module.css";

interface TargetPanelProps {
  content: ArContent;
  canEdit: boolean;
  /** The way to another photo, for one that can not be recognised. */
  otherPhoto: ReactNode;
}

/** How well the print will be recognised: the making of the target, then its score and why. */
export function TargetPanel(props: TargetPanelProps) {
  const { content } = props;
  const { t } = useTranslation();
  const { target } = content;
  return (
    <Panel title={t("target.title")}>
      <div data-testid="target-status" data-status={target.status}>
        <p className="visually-hidden" aria-live="polite">
          {t(`target.stage.${stageWord(target)}`)}
        </p>
        {target.status === "ready" && <Ready target={target} />}
        {target.status === "failed" && <Failed {...props} />}
        {(target.status === "queued" || target.status === "compiling") && (
          <Making target={target} />
        )}
      </div>
    </Panel>
  );
}

function Making({ target }: { target: Target }) {
  const { t, i18n } = useTranslation();
  const label = t(`target.stage.${stageWord(target)}`);
  return (
    <div className={classes.making}>
      <div className={classes.line}>
        <span>{label}</span>
        <span className={classes.percent}>{formatPercent(target.progress, i18n.language)}</span>
      </div>
      <ProgressLine share={target.progress} label={label} />
      <p className={classes.hint}>{t("target.leaveHint")}</p>
    </div>
  );
}

function Ready({ target }: { target: Target }) {
  return (
    <div className={classes.ready}>
      {target.score !== null && <ScoreGauge score={target.score} />}
      <ReportFacts target={target} />
    </div>
  );
}

function Failed({ content, canEdit, otherPhoto }: TargetPanelProps) {
  const { t } = useTranslation();
  const retry = useRetryTarget(content);
  const { failure } = content.target;
  const words = (failure && codeMessage(failure.code, t)) ?? {
    title: t("target.failed.title"),
    advice: failure?.detail ?? t("target.failed.advice"),
  };
  return (
    <div className={classes.making}>
      <Notice {...words} />
      {canEdit && (
        <div className={classes.actions}>
          {otherPhoto}
          <Button loading={retry.isPending} onClick={() => retry.mutate()}>
            {t("target.retry")}
          </Button>
        </div>
      )}
      <ProblemNotice error={retry.error} />
    </div>
  );
}
