import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { type Edited, withEdited } from "../rules";
import type { Draft } from "../use-draft";
import type { VideoFace } from "./poster";
import { RuleDialog } from "./rule-dialog";
import { RuleLadder } from "./rule-ladder";
import classes from "./schedule.module.css";
import { ZoneField } from "./zone-field";

interface SchedulePanelProps {
  videos: VideoFace[];
  defaultVideoId: string | null;
  companyZone: string;
  canEdit: boolean;
  draft: Draft;
}

/** Which video plays when: the rules from the most important down to the video that plays otherwise. */
export function SchedulePanel(props: SchedulePanelProps) {
  const { t } = useTranslation("schedule");
  const { videos, canEdit, draft } = props;
  const { rules, zone } = draft;
  const [edited, setEdited] = useState<Edited | "new" | null>(null);
  const hasRules = rules.dates.length + rules.windows.length > 0 || rules.rotation !== null;
  const mayEdit = canEdit && (videos.length > 1 || hasRules);
  return (
    <Panel title={t("title")} action={mayEdit && <AddRule onClick={() => setEdited("new")} />}>
      <p className={classes.lead}>{videos.length > 1 ? t("lead") : t("needTwo")}</p>
      <RuleLadder
        rules={rules}
        zone={zone}
        videos={videos}
        defaultVideoId={props.defaultVideoId}
        canEdit={canEdit}
        onChange={draft.change}
        onEdit={setEdited}
      />
      {hasRules && (
        <ZoneField
          value={rules.time_zone}
          company={props.companyZone}
          disabled={!canEdit}
          onChange={(time_zone) => draft.change({ ...rules, time_zone })}
        />
      )}
      <RuleDialog
        edited={edited}
        rules={rules}
        zone={zone}
        videos={videos}
        onSave={(rule) => {
          draft.change(withEdited(rules, rule));
          setEdited(null);
        }}
        onClose={() => setEdited(null)}
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
