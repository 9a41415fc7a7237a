import type { ArContent, Tagged } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ItemAction } from "@/components/item-menu";
import { Panel } from "@/components/panel";
import { ProblemNotice } from "@/components/problem-notice";
import { reordered, Sortable } from "@/components/sortable";
import { moved, useReorderVideos } from "../api/reorder-videos";
import classes from "./video-panel.module.css";
import { VideoRow } from "./video-row";

interface VideoPanelProps {
  content: Tagged<ArContent>;
  canEdit: boolean;
  /** Opens the place to upload a video; with an id, the new one takes that one's place. */
  onUpload: (replacing?: string) => void;
}

/** What plays on the print. */
export function VideoPanel({ content, canEdit, onUpload }: VideoPanelProps) {
  const { t } = useTranslation();
  const reorder = useReorderVideos(content);
  const movesOf = useMoves(content, reorder.mutate);
  // As it will be, while the server is told.
  const ids = reorder.isPending ? reorder.variables : content.videos.map(({ id }) => id);
  const videos = ids.flatMap((id) => content.videos.find((video) => video.id === id) ?? []);
  const add = canEdit && (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => onUpload()}>
      {t("video.add")}
    </Button>
  );
  return (
    <Panel title={t("video.title", { count: content.videos.length })} action={add}>
      {content.videos.length === 0 && <p className={classes.none}>{t("video.none")}</p>}
      <ul className={classes.list}>
        <Sortable
          items={videos}
          onMove={(from, to) => reorder.mutate(reordered(videos, from, to).map(({ id }) => id))}
        >
          {videos.map((video) => (
            <VideoRow
              key={video.id}
              video={video}
              content={content}
              canEdit={canEdit}
              onReplace={() => onUpload(video.id)}
              moves={movesOf(video.id)}
            />
          ))}
        </Sortable>
      </ul>
      <ProblemNotice error={reorder.error} />
    </Panel>
  );
}

/** Up and down, each only where there is somewhere to go. */
function useMoves(content: ArContent, reorder: (ids: string[]) => void) {
  const { t } = useTranslation("contents");
  const ids = content.videos.map((video) => video.id);
  return (id: string): ItemAction[] => {
    const steps = [
      { label: t("video.up"), icon: IconArrowUp, by: -1 },
      { label: t("video.down"), icon: IconArrowDown, by: 1 },
    ] as const;
    return steps
      .map(({ by, ...action }) => ({ ...action, order: moved(ids, id, by) }))
      .filter(({ order }) => order.join() !== ids.join())
      .map(({ order, ...action }) => ({ ...action, onClick: () => reorder(order) }));
  };
}
