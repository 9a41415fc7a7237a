import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { weekdayName } from "../rule-words";
import type { Turn } from "../rules";
import { Poster, type VideoFace } from "./poster";
import classes from "./rule-dialog.module.css";

interface WeekdayTableProps {
  turns: Turn[];
  videos: VideoFace[];
  onChange: (turns: Turn[]) => void;
}

/** A video for each day of the week, or the one that plays otherwise. */
export function WeekdayTable({ turns, videos, onChange }: WeekdayTableProps) {
  const { t, i18n } = useTranslation("schedule");
  const videoOf = (day: number) =>
    turns.find((turn) => turn.weekdays?.includes(day))?.video_id ?? "";
  const choose = (day: number, videoId: string) => {
    const chosen = new Map([1, 2, 3, 4, 5, 6, 7].map((each) => [each, videoOf(each)]));
    chosen.set(day, videoId);
    onChange(turnsOf(chosen));
  };
  return (
    <fieldset className={classes.turns}>
      <legend className={classes.legend}>{t("form.weekdays")}</legend>
      {[1, 2, 3, 4, 5, 6, 7].map((day) => (
        <div key={day} className={classes.turn}>
          <Poster video={videos.find((video) => video.id === videoOf(day))} />
          <NativeSelect
            className={classes.turnVideo}
            label={capital(weekdayName(day, i18n.language, "long"), i18n.language)}
            value={videoOf(day)}
            data={[
              { value: "", label: t("form.noVideo") },
              ...videos.map((video) => ({ value: video.id, label: video.name })),
            ]}
            onChange={(event) => choose(day, event.currentTarget.value)}
          />
        </div>
      ))}
    </fieldset>
  );
}

const capital = (word: string, language: string) =>
  word.charAt(0).toLocaleUpperCase(language) + word.slice(1);

/** One turn for each video, with all its days. */
export function turnsOf(chosen: Map<number, string>): Turn[] {
  const days = new Map<string, number[]>();
  for (const [day, videoId] of chosen) {
    if (videoId) days.set(videoId, [...(days.get(videoId) ?? []), day]);
  }
  return [...days].map(([video_id, weekdays]) => ({ video_id, weight: 1, weekdays }));
}
