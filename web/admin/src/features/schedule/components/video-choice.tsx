import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Poster, type VideoFace } from "./poster";
import classes from "./rule-dialog.module.css";

interface VideoChoiceProps {
  videos: VideoFace[];
  value: string;
  onChange: (id: string) => void;
}

/** One of the content's videos, by its picture. */
export function VideoChoice({ videos, value, onChange }: VideoChoiceProps) {
  const { t } = useTranslation("schedule");
  const name = useId();
  return (
    <fieldset className={classes.faces}>
      <legend className={classes.legend}>{t("form.video")}</legend>
      {videos.map((video) => (
        <label key={video.id} className={classes.face}>
          <input
            type="radio"
            name={name}
            value={video.id}
            checked={video.id === value}
            onChange={() => onChange(video.id)}
          />
          <Poster video={video} />
          <span className={classes.faceName}>{video.name}</span>
        </label>
      ))}
    </fieldset>
  );
}
