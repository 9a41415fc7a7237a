import type { Schedule, Tagged } from "@arv/api-client";
import { Button, Skeleton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Panel } from "@/components/panel";
import { ProblemNotice } from "@/components/problem-notice";
import { type Place, scheduleQuery, useSetSchedule } from "../api/schedule";
import { type Edited, type Rules, rulesOf, withEdited } from "../rules";
import type { VideoFace } from "./poster";
import { RuleDialog } from "./rule-dialog";
import { RuleLadder } from "./rule-ladder";
import classes from "./schedule.module.css";
import { ZoneField } from "./zone-field";

interface SchedulePanelProps {
  place: Place;
  videos: VideoFace[];
  defaultVideoId: string | null;
  canEdit: boolean;
}

/** Which video plays when: the rules from the most important down to the video that plays otherwise. */
export function SchedulePanel(props: SchedulePanelProps) {
  const { t } = useTranslation("schedule");
  const query = useQuery(scheduleQuery(props.place));
  if (query.data) return <Rulebook {...props} schedule={query.data} />;
  return (
    <Panel title={t("title")}>
      {query.error ? <LoadProblem query={query} /> : <Skeleton height={120} radius="md" />}
    </Panel>
  );
}

function Rulebook(props: SchedulePanelProps & { schedule: Tagged<Schedule> }) {
  const { t } = useTranslation("schedule");
  const { place, videos, canEdit, schedule } = props;
  const [edited, setEdited] = useState<Edited | "new" | null>(null);
  const save = useSetSchedule(place, schedule, () => setEdited(null));
  const rules = rulesOf(schedule);
  const change = (next: Rules) => save.mutate(next);
  const hasRules = rules.dates.length + rules.windows.length > 0 || rules.rotation !== null;
  const mayEdit = canEdit && (videos.length > 1 || hasRules);
  return (
    <Panel title={t("title")} action={mayEdit && <AddRule onClick={() => setEdited("new")} />}>
      <p className={classes.lead}>{videos.length > 1 ? t("lead") : t("needTwo")}</p>
      <RuleLadder
        rules={rules}
        zone={schedule.effective_time_zone}
        videos={videos}
        defaultVideoId={props.defaultVideoId}
        canEdit={canEdit}
        onChange={change}
        onEdit={setEdited}
      />
      {hasRules && (
        <ZoneField
          value={rules.time_zone}
          effective={schedule.effective_time_zone}
          disabled={!canEdit}
          onChange={(time_zone) => change({ ...rules, time_zone })}
        />
      )}
      {!edited && <ProblemNotice error={save.error} />}
      <RuleDialog
        edited={edited}
        rules={rules}
        zone={schedule.effective_time_zone}
        videos={videos}
        save={save}
        onSave={(rule) => change(withEdited(rules, rule))}
        onClose={() => {
          save.reset();
          setEdited(null);
        }}
      />
    </Panel>
  );
}

function AddRule({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation("schedule");
  const icon = <IconPlus size={17} aria-hidden />;
  return (
    <Button leftSection={icon} onClick={onClick} data-testid="schedule-add">
      {t("add")}
    </Button>
  );
}
