import { Button } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Notice } from "@/components/problem-notice";
import { ProgressLine } from "@/components/progress-line";
import { formatBytes, formatPercent } from "@/lib/format";
import { codeMessage, problemMessage } from "@/lib/problem-message";
import { isUnderway, mayRetry, sentShare, type UploadState } from "../upload-state";
import type { UploadSlot } from "../use-upload";
import classes from "./upload-progress.module.css";

/** How far a file is, and what can be done about it now. */
export function UploadProgress({ slot, inputId }: { slot: UploadSlot; inputId: string }) {
  const { state } = slot;
  if (state.phase === "empty") return null;
  return (
    <div className={classes.progress}>
      <div className={classes.line}>
        <span className={classes.name} title={state.file.name}>
          {state.file.name}
        </span>
        <Facts state={state} />
      </div>
      {isUnderway(state) && <ProgressLine share={sentShare(state)} label={state.file.name} />}
      <Failure state={state} />
      <Actions slot={slot} inputId={inputId} />
    </div>
  );
}

function Facts({ state }: { state: Exclude<UploadState, { phase: "empty" }> }) {
  const { t, i18n } = useTranslation();
  const size = formatBytes(state.file.size, i18n.language);
  const percent = formatPercent(sentShare(state), i18n.language);
  if (state.phase === "sending") {
    const words = state.waiting ? "upload.waiting" : "upload.sending";
    return <span className={classes.facts}>{t(words, { percent, size })}</span>;
  }
  if (state.phase === "paused")
    return <span className={classes.facts}>{t("upload.paused", { percent, size })}</span>;
  if (state.phase === "checking")
    return <span className={classes.facts}>{t("upload.checking")}</span>;
  if (state.phase === "cancelled")
    return <span className={classes.facts}>{t("upload.cancelled")}</span>;
  if (state.phase !== "done") return <span className={classes.facts}>{size}</span>;
  return (
    <span className={classes.done}>
      <IconCheck size={16} stroke={2.4} aria-hidden /> {t("upload.done", { size })}
    </span>
  );
}

function Failure({ state }: { state: UploadState }) {
  const { t } = useTranslation();
  if (state.phase === "failed") return <Notice {...problemMessage(state.problem, t)} />;
  const refused = state.phase === "refused" ? codeMessage(state.refusal, t) : null;
  return refused && <Notice {...refused} />;
}

function Actions({ slot, inputId }: { slot: UploadSlot; inputId: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.actions}>
      {mayRetry(slot.state) && (
        <Button size="sm" variant="ink" onClick={slot.retry}>
          {t("upload.retry")}
        </Button>
      )}
      {slot.state.phase === "sending" && (
        <Button size="sm" variant="text" onClick={slot.pause}>
          {t("upload.pause")}
        </Button>
      )}
      {slot.state.phase === "paused" && (
        <Button size="sm" variant="ink" onClick={slot.resume}>
          {t("upload.resume")}
        </Button>
      )}
      {isUnderway(slot.state) ? (
        <Button size="sm" variant="text" onClick={slot.cancel}>
          {t("upload.cancel")}
        </Button>
      ) : (
        <>
          <Button size="sm" variant="text" component="label" htmlFor={inputId}>
            {t("upload.another")}
          </Button>
          <Button size="sm" variant="text" onClick={slot.clear}>
            {t("upload.remove")}
          </Button>
        </>
      )}
    </div>
  );
}
