import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Rotation, Turn } from "../rules";
import type { VideoFace } from "./poster";
import classes from "./rule-dialog.module.css";
import { TurnList } from "./turn-list";
import { WeekdayTable } from "./weekday-table";

export interface RotationFieldsProps {
  rotation: Rotation;
  videos: VideoFace[];
  onChange: (part: Partial<Rotation>) => void;
}

/** Which videos take turns, and what makes a turn. */
export function RotationFields(props: RotationFieldsProps) {
  const { t } = useTranslation("schedule");
  const { rotation, videos, onChange } = props;
  const setTurns = (turns: Turn[]) => onChange({ turns });
  const { kind } = rotation;
  return (
    <>
      {kind === "weekdays" ? (
        <WeekdayTable turns={rotation.turns} videos={videos} onChange={setTurns} />
      ) : (
        <TurnList kind={kind} turns={rotation.turns} videos={videos} onChange={setTurns} />
      )}
      {kind === "days" && <FirstDay {...props} />}
      {kind === "views" && <AtEnd {...props} />}
      {(kind === "views" || kind === "random" || kind === "hours") && (
        <p className={classes.words}>{t(`form.${kind}Hint`)}</p>
      )}
      {kind === "hours" && <p className={classes.words}>{t("form.hoursClocks")}</p>}
    </>
  );
}

function FirstDay({ rotation, onChange }: RotationFieldsProps) {
  const { t } = useTranslation("schedule");
  return (
    <TextInput
      type="date"
      label={t("form.begins")}
      value={rotation.first_day ?? ""}
      onChange={(event) => onChange({ first_day: event.currentTarget.value || null })}
    />
  );
}

function AtEnd({ rotation, onChange }: RotationFieldsProps) {
  const { t } = useTranslation("schedule");
  return (
    <NativeSelect
      label={t("form.atEnd")}
      value={rotation.at_end ?? "again"}
      data={(["again", "stay"] as const).map((value) => ({ value, label: t(`form.${value}`) }))}
      onChange={(event) =>
        onChange({ at_end: event.currentTarget.value === "stay" ? "stay" : "again" })
      }
    />
  );
}
