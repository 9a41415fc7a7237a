import { Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { clockDoubt, formatDay, momentToWall, wallToMoment } from "@/lib/zoned-time";
import { dayAfter, lastDayBefore } from "../rule-findings";
import type { WindowRule } from "../rules";
import { NameField } from "./date-fields";
import type { VideoFace } from "./poster";
import classes from "./rule-dialog.module.css";
import { VideoChoice } from "./video-choice";

interface WindowFieldsProps {
  rule: WindowRule;
  zone: string;
  videos: VideoFace[];
  onChange: (part: Partial<WindowRule>) => void;
}

/** From when to when, in days or to the minute, and what plays then. */
export function WindowFields({ rule, zone, videos, onChange }: WindowFieldsProps) {
  const { t } = useTranslation("schedule");
  const [exact, setExact] = useState(Boolean(rule.starts_at || rule.ends_at));
  const change = (on: boolean) => {
    setExact(on);
    onChange(on ? asMoments(rule, zone) : asDays(rule, zone));
  };
  return (
    <>
      {exact ? (
        <Moments rule={rule} zone={zone} onChange={onChange} />
      ) : (
        <Days rule={rule} onChange={onChange} />
      )}
      <Switch
        label={t("form.withTime")}
        description={exact ? t("form.zoneHint", { zone }) : undefined}
        checked={exact}
        onChange={(event) => change(event.currentTarget.checked)}
      />
      <VideoChoice
        videos={videos}
        value={rule.video_id}
        onChange={(video_id) => onChange({ video_id })}
      />
      <NameField value={rule.name ?? ""} onChange={(name) => onChange({ name })} />
    </>
  );
}

function Days({ rule, onChange }: Pick<WindowFieldsProps, "rule" | "onChange">) {
  const { t } = useTranslation("schedule");
  return (
    <div className={classes.pair}>
      <TextInput
        type="date"
        label={t("form.firstDay")}
        value={rule.first_day ?? ""}
        onChange={(event) => onChange({ first_day: event.currentTarget.value || null })}
      />
      <TextInput
        type="date"
        label={t("form.until")}
        value={rule.last_day ?? ""}
        min={rule.first_day ?? undefined}
        onChange={(event) => onChange({ last_day: event.currentTarget.value || null })}
      />
    </div>
  );
}

function Moments({ rule, zone, onChange }: Omit<WindowFieldsProps, "videos">) {
  const { t } = useTranslation("schedule");
  return (
    <div className={classes.pair}>
      <MomentField
        label={t("form.startsAt")}
        moment={rule.starts_at}
        zone={zone}
        onChange={(starts_at) => onChange({ starts_at })}
      />
      <MomentField
        label={t("form.endsAt")}
        moment={rule.ends_at}
        zone={zone}
        onChange={(ends_at) => onChange({ ends_at })}
      />
    </div>
  );
}

interface MomentFieldProps {
  label: string;
  moment: string | null | undefined;
  zone: string;
  onChange: (moment: string | null) => void;
}

/** A time on the clocks of the zone; says so where the clocks do not show it once. */
function MomentField({ label, moment, zone, onChange }: MomentFieldProps) {
  const { t, i18n } = useTranslation("schedule");
  const [wall, setWall] = useState(moment ? momentToWall(moment, zone) : "");
  const doubt = wall ? clockDoubt(wall, zone) : null;
  const day = formatDay(wall.slice(0, 10), i18n.language);
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={doubt && t(`form.${doubt.kind}`, { day, ...doubt.change })}
      inputWrapperOrder={["label", "input", "description"]}
      value={wall}
      onChange={({ currentTarget: { value } }) => {
        setWall(value);
        onChange(value ? wallToMoment(value, zone) : null);
      }}
    />
  );
}

function asMoments(rule: WindowRule, zone: string): Partial<WindowRule> {
  const { first_day, last_day } = rule;
  return {
    first_day: null,
    last_day: null,
    starts_at: first_day ? wallToMoment(`${first_day}T00:00`, zone) : null,
    ends_at: last_day ? wallToMoment(`${dayAfter(last_day)}T00:00`, zone) : null,
  };
}

function asDays(rule: WindowRule, zone: string): Partial<WindowRule> {
  const { starts_at, ends_at } = rule;
  return {
    first_day: starts_at ? momentToWall(starts_at, zone).slice(0, 10) : null,
    last_day: ends_at ? lastDayBefore(Date.parse(ends_at), zone) : null,
    starts_at: null,
    ends_at: null,
  };
}
