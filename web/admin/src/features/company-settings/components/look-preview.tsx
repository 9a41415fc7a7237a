import { useTranslation } from "react-i18next";
import classes from "./look.module.css";

interface LookPreviewProps {
  name: string;
  logo: string | null;
  accent: string;
  background: string;
  ink: string;
  title: string;
  call: string;
}

/** The viewer's first screen in these colours, small. */
export function LookPreview(props: LookPreviewProps) {
  const { t } = useTranslation("settings");
  return (
    <div
      className={classes.phone}
      style={{ background: props.background, color: props.ink }}
      role="img"
      aria-label={t("look.preview")}
    >
      {props.logo ? <img src={props.logo} alt="" className={classes.logo} /> : <b>{props.name}</b>}
      <p className={classes.phoneTitle}>{props.title || t("look.sampleTitle")}</p>
      <span className={classes.phoneButton} style={{ background: props.accent }} />
      {props.call && (
        <span className={classes.phoneCall} style={{ color: props.accent }}>
          {props.call}
        </span>
      )}
    </div>
  );
}
