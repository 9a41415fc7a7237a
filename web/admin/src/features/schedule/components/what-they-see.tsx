import type { SchedulePreview } from "@arv/api-client";
import { Button, NativeSelect, Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Panel } from "@/components/panel";
import { formatMomentIn, momentToWall } from "@/lib/zoned-time";
import { type Asked, previewQuery } from "../api/preview";
import type { Place } from "../api/schedule";
import type { Draft } from "../use-draft";
import { useReason } from "../use-reason";
import { Month } from "./month";
import { Poster, type VideoFace } from "./poster";
import classes from "./see.module.css";
import { zonesWith } from "./zone-field";

interface SeeProps {
  place: Place;
  videos: VideoFace[];
  draft: Draft;
  isDraft: boolean;
  endsAt: string | null;
}

/** What visitors see at any time one likes, and on every day of a month; of unsaved rules too. */
export function WhatTheySee(props: SeeProps) {
  const { t } = useTranslation("schedule");
  if (props.videos.length === 0) return null;
  return (
    <Panel title={t("see.title")}>
      <Seen {...props} />
    </Panel>
  );
}

function Seen({ place, videos, draft, isDraft, endsAt }: SeeProps) {
  const { t } = useTranslation("schedule");
  const [chosenZone, setZone] = useState<string | null>(null);
  const zone = chosenZone ?? draft.zone;
  const asked: Asked = { place, unsaved: draft.isChanged ? draft.rules : null, isDraft, endsAt };
  const now = () => momentToWall(new Date().toISOString(), zone);
  const [at, setAt] = useState(now);
  return (
    <div className={classes.see}>
      <div className={classes.chooser}>
        <TextInput
          type="datetime-local"
          label={t("see.at")}
          value={at}
          min="1970-01-02T00:00"
          max="2199-12-31T23:59"
          onChange={(event) => event.currentTarget.value && setAt(event.currentTarget.value)}
          data-testid="see-at"
        />
        <NativeSelect
          label={t("see.zone")}
          value={zone}
          data={zonesWith(zone)}
          onChange={(event) => setZone(event.currentTarget.value)}
        />
        <Button onClick={() => setAt(now())}>{t("see.today")}</Button>
      </div>
      {isDraft && <p className={classes.change}>{t("see.draft")}</p>}
      {draft.isChanged && <p className={classes.unsaved}>{t("see.unsaved")}</p>}
      <Answer asked={asked} at={at} zone={zone} videos={videos} draft={draft} />
      <Month
        asked={asked}
        videos={videos}
        draft={draft}
        zone={zone}
        chosen={at.slice(0, 10)}
        onChoose={(day) => setAt(`${day}T${at.slice(11)}`)}
      />
    </div>
  );
}

interface AnswerProps {
  asked: Asked;
  at: string;
  zone: string;
  videos: VideoFace[];
  draft: Draft;
}

function Answer({ asked, at, zone, videos, draft }: AnswerProps) {
  const query = useQuery(previewQuery(asked, at, zone));
  if (query.error) return <LoadProblem query={query} />;
  if (!query.data) return <Skeleton height={96} radius="md" />;
  return <Shown preview={query.data} videos={videos} zone={zone} draft={draft} />;
}

interface ShownProps {
  preview: SchedulePreview;
  videos: VideoFace[];
  zone: string;
  draft: Draft;
}

function Shown({ preview, videos, zone, draft }: ShownProps) {
  const { t, i18n } = useTranslation("schedule");
  const reason = useReason(draft);
  const video = videos.find((each) => each.id === preview.video_id);
  const until = preview.valid_until
    ? t("see.until", { moment: formatMomentIn(preview.valid_until, zone, i18n.language) })
    : t("see.always");
  const isFirst = preview.reason === "rotation" && draft.rules.rotation?.kind === "views";
  return (
    <output
      className={classes.answer}
      data-closed={!preview.is_open || undefined}
      data-testid="see-answer"
    >
      <Poster video={video} />
      <span className={classes.answerWords}>
        <strong>{video?.name ?? t("see.nothing")}</strong>
        <span className={classes.why} data-tone={preview.reason}>
          {reason(preview)}
        </span>
        {isFirst && <span>{t("see.views")}</span>}
        <span>{preview.is_open ? until : t("see.closed")}</span>
      </span>
    </output>
  );
}
