import type { ArContent } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import classes from "./video-panel.module.css";
import { VideoRow } from "./video-row";

interface VideoPanelProps {
  content: ArContent;
  canEdit: boolean;
  /** Opens the place to upload a video; with an id, the new one takes that one's place. */
  onUpload: (replacing?: string) => void;
}

/** What plays on the print. */
export function VideoPanel({ content, canEdit, onUpload }: VideoPanelProps) {
  const { t } = useTranslation();
  const add = canEdit && (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => onUpload()}>
      {t("video.add")}
    </Button>
  );
  return (
    <Panel title={t("video.title", { count: content.videos.length })} action={add}>
      {content.videos.length === 0 && <p className={classes.none}>{t("video.none")}</p>}
      <ul className={classes.list}>
        {content.videos.map((video) => (
          <VideoRow
            key={video.id}
            video={video}
            content={content}
            canEdit={canEdit}
            onReplace={() => onUpload(video.id)}
          />
        ))}
      </ul>
    </Panel>
  );
}
