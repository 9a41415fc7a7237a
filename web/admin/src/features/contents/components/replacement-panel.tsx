import type { ArContent, Replacement } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { Notice, ProblemNotice } from "@/components/problem-notice";
import { ProgressLine } from "@/components/progress-line";
import { StoredImage } from "@/components/stored-image";
import { formatPercent } from "@/lib/format";
import { codeMessage } from "@/lib/problem-message";
import { useRetryTarget } from "../api/retry-target";
import { stageWord } from "../stage-words";
import classes from "./replacement-panel.module.css";

interface ReplacementPanelProps {
  content: ArContent;
  canEdit: boolean;
  onReplaceImage: () => void;
}

/** The next photo of the content on its way; until it is ready, the one before is what phones recognise. */
export function ReplacementPanel({ content, ...rest }: ReplacementPanelProps) {
  const { t } = useTranslation("contents");
  const { replacement } = content;
  if (!replacement) return null;
  const failed = replacement.target.status === "failed";
  return (
    <Panel title={t("replacement.title")}>
      <div
        className={classes.next}
        data-testid="replacement"
        data-status={replacement.target.status}
      >
        <StoredImage className={classes.picture} src={replacement.image.thumbnail_url} alt="" />
        <div className={classes.words}>
          {failed ? (
            <Failed content={content} replacement={replacement} {...rest} />
          ) : (
            <Making replacement={replacement} />
          )}
        </div>
      </div>
    </Panel>
  );
}

function Making({ replacement: { target } }: { replacement: Replacement }) {
  const { t, i18n } = useTranslation(["common", "contents"]);
  const label = t(`target.stage.${stageWord(target)}`);
  return (
    <>
      <p className={classes.line}>
        <span>{label}</span>
        <span>{formatPercent(target.progress, i18n.language)}</span>
      </p>
      <ProgressLine share={target.progress} label={label} />
      <p className={classes.hint}>{t("contents:replacement.meanwhile")}</p>
    </>
  );
}

function Failed(props: ReplacementPanelProps & { replacement: Replacement }) {
  const { t } = useTranslation(["common", "contents"]);
  const { content, replacement, canEdit, onReplaceImage } = props;
  const retry = useRetryTarget(content);
  const { failure } = replacement.target;
  const words = (failure && codeMessage(failure.code, t)) ?? {
    title: t("target.failed.title"),
    advice: failure?.detail ?? t("target.failed.advice"),
  };
  return (
    <>
      <Notice {...words} />
      <p className={classes.hint}>{t("contents:replacement.stays")}</p>
      {canEdit && (
        <div className={classes.actions}>
          <Button size="sm" variant="ink" onClick={onReplaceImage}>
            {t("target.otherPhoto")}
          </Button>
          <Button size="sm" loading={retry.isPending} onClick={() => retry.mutate()}>
            {t("target.retry")}
          </Button>
        </div>
      )}
      <ProblemNotice error={retry.error} />
    </>
  );
}
