import type { CalendarDay } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { clockChange, formatClockIn, formatDay } from "@/lib/zoned-time";
import type { Draft } from "../use-draft";
import { useReason } from "../use-reason";
import { Poster, type VideoFace } from "./poster";
import classes from "./see.module.css";

interface DayLineProps {
  day: CalendarDay;
  videos: VideoFace[];
  draft: Draft;
  zone: string;
}

/** The parts of one day, in order; a day with one part needs no list of them. */
export function DayLine(props: DayLineProps) {
  const { t, i18n } = useTranslation("schedule");
  const { day, zone } = props;
  const change = clockChange(day.day, zone);
  const words = formatDay(day.day, i18n.language);
  return (
    <>
      {change && <p className={classes.change}>{t("see.clocks", { day: words, ...change })}</p>}
      {day.parts.length > 1 && <Parts {...props} />}
    </>
  );
}

function Parts({ day, videos, draft, zone }: DayLineProps) {
  const { t, i18n } = useTranslation("schedule");
  const reason = useReason(draft);
  return (
    <ol
      className={classes.parts}
      aria-label={t("see.parts", { day: formatDay(day.day, i18n.language) })}
    >
      {day.parts.map((part) => {
        const video = videos.find((each) => each.id === part.video_id);
        return (
          <li
            key={part.starts_at}
            className={classes.part}
            data-closed={!part.is_open || undefined}
          >
            <span className={classes.clock}>
              {formatClockIn(part.starts_at, zone, i18n.language)}
            </span>
            <Poster video={video} />
            <span className={classes.answerWords}>
              <strong>{video?.name ?? t("see.nothing")}</strong>
              <span>{part.is_open ? reason(part) : t("see.closed")}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
