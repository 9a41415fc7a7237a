import type { CalendarDay, DayPart } from "@arv/api-client";
import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { StoredImage } from "@/components/stored-image";
import { formatDay } from "@/lib/zoned-time";
import { type Asked, calendarQuery } from "../api/preview";
import { blanksBefore, daysIn, monthBeside, monthTitle } from "../month";
import { weekdayName } from "../rule-words";
import type { Draft } from "../use-draft";
import { DayLine } from "./day-line";
import classes from "./month.module.css";
import type { VideoFace } from "./poster";

interface MonthProps {
  asked: Asked;
  videos: VideoFace[];
  draft: Draft;
  zone: string;
  /** The ISO day that is looked at. */
  chosen: string;
  onChoose: (day: string) => void;
}

/** Every day of a month with the pictures of what plays on it. */
export function Month(props: MonthProps) {
  const { i18n } = useTranslation("schedule");
  const { asked, zone, chosen } = props;
  const [turned, setTurned] = useState<{ from: string; month: string } | null>(null);
  // Choosing a day elsewhere brings its month back.
  const month = turned?.from === chosen ? turned.month : chosen.slice(0, 7);
  const query = useQuery(calendarQuery(asked, month, daysIn(month), zone));
  const day = query.data?.days.find((each) => each.day === chosen);
  return (
    <div className={classes.month}>
      <Head month={month} onTurn={(to) => setTurned({ from: chosen, month: to })} />
      {query.error && <LoadProblem query={query} />}
      <div className={classes.grid} aria-busy={query.isPending || undefined}>
        {[1, 2, 3, 4, 5, 6, 7].map((weekday) => (
          <span key={weekday} className={classes.weekday} aria-hidden="true">
            {weekdayName(weekday, i18n.language, "short")}
          </span>
        ))}
        <Days {...props} month={month} days={query.data?.days ?? []} />
      </div>
      {day && <DayLine day={day} videos={props.videos} draft={props.draft} zone={zone} />}
    </div>
  );
}

function Head({ month, onTurn }: { month: string; onTurn: (month: string) => void }) {
  const { t, i18n } = useTranslation("schedule");
  return (
    <div className={classes.head}>
      <h3 className={classes.title} aria-live="polite">
        {monthTitle(month, i18n.language)}
      </h3>
      <ActionIcon aria-label={t("see.previous")} onClick={() => onTurn(monthBeside(month, -1))}>
        <IconChevronLeft size={20} />
      </ActionIcon>
      <ActionIcon aria-label={t("see.next")} onClick={() => onTurn(monthBeside(month, 1))}>
        <IconChevronRight size={20} />
      </ActionIcon>
    </div>
  );
}

function Days({
  videos,
  chosen,
  onChoose,
  month,
  days,
}: MonthProps & { month: string; days: CalendarDay[] }) {
  const blanks = blanksBefore(month);
  return days.map((day, index) => (
    <Day
      key={day.day}
      day={day}
      videos={videos}
      isChosen={day.day === chosen}
      column={index === 0 ? blanks + 1 : undefined}
      onChoose={() => onChoose(day.day)}
    />
  ));
}

interface DayProps {
  day: CalendarDay;
  videos: VideoFace[];
  isChosen: boolean;
  column: number | undefined;
  onChoose: () => void;
}

function Day({ day, videos, isChosen, column, onChoose }: DayProps) {
  const label = useDayLabel(day, videos);
  const reason = day.parts.find((part) => part.reason !== "default")?.reason ?? "default";
  return (
    <button
      type="button"
      className={classes.day}
      style={column ? { gridColumnStart: column } : undefined}
      data-tone={reason}
      aria-pressed={isChosen}
      aria-label={label}
      onClick={onChoose}
    >
      <span className={classes.slices}>
        {day.parts.map((part) => (
          <Slice key={part.starts_at} part={part} videos={videos} />
        ))}
      </span>
      <span className={classes.number}>{Number(day.day.slice(8))}</span>
    </button>
  );
}

function Slice({ part, videos }: { part: DayPart; videos: VideoFace[] }) {
  const video = videos.find((each) => each.id === part.video_id);
  const length = Date.parse(part.ends_at) - Date.parse(part.starts_at);
  return (
    <span
      className={classes.slice}
      style={{ flexGrow: length }}
      data-closed={!part.is_open || undefined}
    >
      {video?.poster_url && <StoredImage src={video.poster_url} alt="" />}
    </span>
  );
}

function useDayLabel(day: CalendarDay, videos: VideoFace[]): string {
  const { t, i18n } = useTranslation("schedule");
  const words = formatDay(day.day, i18n.language);
  const open = day.parts.filter((part) => part.is_open);
  if (open.length === 0) return t("see.dayClosed", { day: words });
  const names = open.map((part) => videos.find((each) => each.id === part.video_id)?.name ?? "–");
  return t("see.dayOf", { day: words, videos: [...new Set(names)].join(", ") });
}
