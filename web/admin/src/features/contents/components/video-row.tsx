import type { ArContent, Video } from "@arv/api-client";
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconDots,
  IconPlayerPlay,
  IconReplace,
  IconTrash,
  IconVolumeOff,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { formatBytes, formatDuration } from "@/lib/format";
import { useRemoveVideo } from "../api/remove-video";
import { useUpdateContent } from "../api/update-content";
import classes from "./video-panel.module.css";

interface VideoRowProps {
  video: Video;
  content: ArContent;
  canEdit: boolean;
  onReplace: () => void;
}

export function VideoRow({ video, content, canEdit, onReplace }: VideoRowProps) {
  const { t, i18n } = useTranslation();
  const plays = content.default_video_id === video.id;
  return (
    <li className={classes.row}>
      <div className={classes.poster}>
        {video.poster_url && <img src={video.poster_url} alt="" loading="lazy" />}
        <span className={classes.length}>{formatDuration(video.duration_seconds)}</span>
      </div>
      <div className={classes.words}>
        <span className={classes.name}>{video.name}</span>
        <span className={classes.facts}>
          {plays && <span className={classes.plays}>{t("video.plays")}</span>}
          {video.width} × {video.height} · {formatBytes(video.size_bytes, i18n.language)}
          {!video.has_audio && <IconVolumeOff size={15} aria-label={t("video.silent")} />}
        </span>
      </div>
      {canEdit && <VideoMenu video={video} content={content} plays={plays} onReplace={onReplace} />}
    </li>
  );
}

function VideoMenu(props: {
  video: Video;
  content: ArContent;
  plays: boolean;
  onReplace: () => void;
}) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState(false);
  const update = useUpdateContent(props.content);
  const icon = { size: 18, stroke: 1.7 };
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={t("video.menu", { name: props.video.name })}>
            <IconDots size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!props.plays && (
            <Menu.Item
              leftSection={<IconPlayerPlay {...icon} />}
              onClick={() => update.mutate({ default_video_id: props.video.id })}
            >
              {t("video.makeDefault")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconReplace {...icon} />} onClick={props.onReplace}>
            {t("video.replace")}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash {...icon} />}
            data-danger
            onClick={() => setRemoving(true)}
          >
            {t("video.remove")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RemoveVideo {...props} opened={removing} onClose={() => setRemoving(false)} />
    </>
  );
}

function RemoveVideo(props: {
  video: Video;
  content: ArContent;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const remove = useRemoveVideo(props.content, props.onClose);
  return (
    <ConfirmDialog
      opened={props.opened}
      onClose={props.onClose}
      onConfirm={() => remove.mutate(props.video.id)}
      title={t("video.removeTitle")}
      words={t("video.removeWords", { name: props.video.name })}
      confirmLabel={t("video.remove")}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}
