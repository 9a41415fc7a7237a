import type { ArContent, Video } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Notice, ProblemNotice } from "@/components/problem-notice";
import { ProgressLine } from "@/components/progress-line";
import { formatPercent } from "@/lib/format";
import { codeMessage } from "@/lib/problem-message";
import { useRetryVideo } from "../api/retry-video";
import classes from "./video-panel.module.css";

interface VideoStateProps {
  content: ArContent;
  video: Video;
  canEdit: boolean;
}

/** How far a video is that is being made ready, or why it could not be; nothing for one that is. */
export function VideoState({ content, video, canEdit }: VideoStateProps) {
  if (video.status === "processing") return <Processing video={video} />;
  if (video.status === "failed") {
    return <Failed content={content} video={video} canEdit={canEdit} />;
  }
  return null;
}

function Processing({ video }: { video: Video }) {
  const { t, i18n } = useTranslation("videos");
  const label = t(video.progress > 0 ? "state.converting" : "state.waiting");
  return (
    <div className={classes.state} data-testid="video-processing">
      <p className={classes.stateLine}>
        <span>{label}</span>
        <span>{formatPercent(video.progress, i18n.language)}</span>
      </p>
      <ProgressLine share={video.progress} label={label} />
      <p className={classes.stateHint}>{t(video.url ? "state.oldPlays" : "state.leaveHint")}</p>
    </div>
  );
}

function Failed({ content, video, canEdit }: VideoStateProps) {
  const { t } = useTranslation(["common", "videos"]);
  const retry = useRetryVideo(content);
  const words = (video.failure && codeMessage(video.failure.code, t)) ?? {
    title: t("videos:state.failed"),
    advice: video.failure?.detail ?? "",
  };
  return (
    <div className={classes.state} data-testid="video-failed">
      <Notice {...words}>
        {canEdit && (
          <Button loading={retry.isPending} onClick={() => retry.mutate(video.id)}>
            {t("videos:state.retry")}
          </Button>
        )}
      </Notice>
      {video.url && <p className={classes.stateHint}>{t("videos:state.oldPlaysOn")}</p>}
      <ProblemNotice error={retry.error} />
    </div>
  );
}
