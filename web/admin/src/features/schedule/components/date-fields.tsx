import { NativeSelect, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { dateHint, monthName, weekdayName } from "../rule-words";
import type { DateRule } from "../rules";
import type { VideoFace } from "./poster";
import classes from "./rule-dialog.module.css";
import { VideoChoice } from "./video-choice";

interface DateFieldsProps {
  rule: DateRule;
  videos: VideoFace[];
  onChange: (part: Partial<DateRule>) => void;
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** On which day that comes again, and what plays then. */
export function DateFields({ rule, videos, onChange }: DateFieldsProps) {
  return (
    <>
      {rule.every === "week" ? (
        <WeekdayChoice
          value={rule.weekdays ?? []}
          onChange={(weekdays) => onChange({ weekdays })}
        />
      ) : (
        <DayOfMonth rule={rule} onChange={onChange} />
      )}
      <VideoChoice
        videos={videos}
        value={rule.video_id}
        onChange={(video_id) => onChange({ video_id })}
      />
      <NameField value={rule.name ?? ""} onChange={(name) => onChange({ name })} />
    </>
  );
}

function DayOfMonth({ rule, onChange }: Omit<DateFieldsProps, "videos">) {
  const { t, i18n } = useTranslation("schedule");
  const month = rule.month ?? 1;
  const last = rule.every === "month" ? 31 : (LONGEST[month - 1] ?? 31);
  const days = Array.from({ length: last }, (_, at) => String(at + 1));
  const months = Array.from({ length: 12 }, (_, at) => ({
    value: String(at + 1),
    label: monthName(at + 1, i18n.language),
  }));
  const chooseMonth = (chosen: number) =>
    onChange({ month: chosen, day: Math.min(rule.day ?? 1, LONGEST[chosen - 1] ?? 31) });
  return (
    <div className={classes.pair}>
      <NativeSelect
        label={t("form.day")}
        description={dateHint(rule, t)}
        inputWrapperOrder={["label", "input", "description"]}
        value={String(rule.day ?? 1)}
        data={days.map((value) => ({
          value,
          label: rule.every === "month" && value === "31" ? t("form.lastDay") : value,
        }))}
        onChange={(event) => onChange({ day: Number(event.currentTarget.value) })}
      />
      {rule.every === "year" && (
        <NativeSelect
          label={t("form.month")}
          value={String(month)}
          data={months}
          onChange={(event) => chooseMonth(Number(event.currentTarget.value))}
        />
      )}
    </div>
  );
}

export function WeekdayChoice(props: { value: number[]; onChange: (days: number[]) => void }) {
  const { t, i18n } = useTranslation("schedule");
  const { value, onChange } = props;
  const toggle = (day: number) =>
    onChange(value.includes(day) ? value.filter((each) => each !== day) : [...value, day].sort());
  return (
    <fieldset className={classes.days}>
      <legend className={classes.legend}>{t("form.weekdays")}</legend>
      {[1, 2, 3, 4, 5, 6, 7].map((day) => (
        <button
          key={day}
          type="button"
          className={classes.day}
          aria-pressed={value.includes(day)}
          aria-label={weekdayName(day, i18n.language, "long")}
          onClick={() => toggle(day)}
        >
          {weekdayName(day, i18n.language, "short")}
        </button>
      ))}
    </fieldset>
  );
}

export function NameField({
  value,
  onChange,
}: {
  value: string;
  onChange: (name: string) => void;
}) {
  const { t } = useTranslation("schedule");
  return (
    <TextInput
      label={t("form.name")}
      description={t("form.nameHint")}
      maxLength={120}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
