import type { ArContent, Tagged, Video } from "@arv/api-client";
import { TextInput } from "@mantine/core";
import {
  IconColorPicker,
  IconPencil,
  IconPlayerPlay,
  IconReplace,
  IconTrash,
  IconVolumeOff,
} from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { type ItemAction, ItemMenu } from "@/components/item-menu";
import { useSortableItem } from "@/components/sortable";
import { StoredImage } from "@/components/stored-image";
import { formatBytes, formatDuration } from "@/lib/format";
import { useRemoveVideo } from "../api/remove-video";
import { useUpdateContent } from "../api/update-content";
import { useUpdateVideo } from "../api/update-video";
import { canBeKeyed } from "../chroma";
import classes from "./video-panel.module.css";
import { VideoState } from "./video-state";

const ChromaForm = lazy(async () => ({ default: (await import("./chroma-dialog")).ChromaForm }));

interface VideoRowProps {
  video: Video;
  content: Tagged<ArContent>;
  onReplace: () => void;
  /** To another place among the videos, where there is one. */
  moves: ItemAction[];
}

export function VideoRow({ canEdit, ...props }: VideoRowProps & { canEdit: boolean }) {
  const { video, content } = props;
  const { t, i18n } = useTranslation(["common", "videos"]);
  const plays = content.default_video_id === video.id && video.url !== null;
  const lighter = video.renditions.filter((each) => each.alpha === video.alpha);
  const { item, grip } = useSortableItem(video.id, video.name);
  const hasGrip = canEdit && content.videos.length > 1;
  return (
    <li {...item} className={`${item.className} ${classes.row}`} data-grip={hasGrip || undefined}>
      {hasGrip && grip}
      <div className={classes.poster}>
        {video.poster_url && <StoredImage src={video.poster_url} alt="" />}
        <span className={classes.length}>{formatDuration(video.duration_seconds)}</span>
      </div>
      <div className={classes.words}>
        <span className={classes.name}>{video.name}</span>
        <span className={classes.facts}>
          {plays && <span className={classes.plays}>{t("video.plays")}</span>}
          {video.width} × {video.height} · {formatBytes(video.size_bytes, i18n.language)}
          {video.alpha === "side_by_side" && <span>{t("videos:transparent")}</span>}
          {!video.has_audio && <IconVolumeOff size={15} aria-label={t("video.silent")} />}
        </span>
        {lighter.length > 0 && (
          <span className={classes.facts}>
            {t("videos:renditions", {
              count: lighter.length,
              size: lighter.map((each) => formatBytes(each.size_bytes, i18n.language)).join(", "),
            })}
          </span>
        )}
      </div>
      {canEdit && <VideoMenu {...props} plays={plays} />}
      <VideoState content={content} video={video} canEdit={canEdit} />
    </li>
  );
}

function VideoMenu(props: VideoRowProps & { plays: boolean }) {
  const { t } = useTranslation(["common", "contents", "videos"]);
  const { video, content, plays, onReplace } = props;
  const [open, setOpen] = useState<"rename" | "remove" | "chroma" | null>(null);
  const update = useUpdateContent(content);
  const close = () => setOpen(null);
  const play = {
    label: t("video.makeDefault"),
    icon: IconPlayerPlay,
    onClick: () => update.mutate({ default_video_id: video.id }),
  };
  const keyOut = { label: t("videos:chroma.open"), icon: IconColorPicker };
  const remove = { label: t("video.remove"), icon: IconTrash, danger: true };
  return (
    <>
      <ItemMenu
        label={t("video.menu", { name: video.name })}
        actions={[
          ...(plays ? [] : [play]),
          { label: t("contents:video.rename"), icon: IconPencil, onClick: () => setOpen("rename") },
          { label: t("video.replace"), icon: IconReplace, onClick: onReplace },
          ...(canBeKeyed(video) ? [{ ...keyOut, onClick: () => setOpen("chroma") }] : []),
          ...props.moves,
          { ...remove, onClick: () => setOpen("remove") },
        ]}
      />
      <Dialog opened={open === "rename"} onClose={close} title={t("contents:video.rename")}>
        <RenameVideo video={video} content={content} onDone={close} />
      </Dialog>
      <Dialog opened={open === "chroma"} onClose={close} size="lg" title={t("videos:chroma.title")}>
        <Suspense fallback={null}>
          <ChromaForm content={content} video={video} onDone={close} />
        </Suspense>
      </Dialog>
      <RemoveVideo {...props} opened={open === "remove"} onClose={close} />
    </>
  );
}

function RenameVideo(props: { video: Video; content: ArContent; onDone: () => void }) {
  const { t } = useTranslation(["common", "contents"]);
  const { video, content, onDone } = props;
  const [name, setName] = useState(video.name);
  const update = useUpdateVideo(content, onDone);
  return (
    <DialogForm
      submitLabel={t("common.save")}
      onSubmit={() => update.mutate({ videoId: video.id, name: name.trim() })}
      onCancel={onDone}
      pending={update.isPending}
      error={update.error}
      disabled={name.trim() === ""}
    >
      <TextInput
        label={t("contents:video.name")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={200}
        data-autofocus
      />
    </DialogForm>
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
