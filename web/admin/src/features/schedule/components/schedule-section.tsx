import type { Schedule, Tagged } from "@arv/api-client";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Panel } from "@/components/panel";
import { type Place, scheduleQuery } from "../api/schedule";
import { useDraft } from "../use-draft";
import { DraftBar } from "./draft-bar";
import type { VideoFace } from "./poster";
import { SchedulePanel } from "./schedule-panel";
import { WhatTheySee } from "./what-they-see";

interface SectionProps {
  place: Place;
  videos: VideoFace[];
  defaultVideoId: string | null;
  companyZone: string;
  /** The print is not live: shown is what visitors will see once it is. */
  isDraft: boolean;
  /** When it closes; null if never. */
  endsAt: string | null;
  canEdit: boolean;
  /** Told when there is something to lose, and when there is no longer. */
  onUnsaved: (unsaved: boolean) => void;
}

/** Which video plays when, and what visitors will see of it, before and after it is saved. */
export function ScheduleSection(props: SectionProps) {
  const { t } = useTranslation("schedule");
  const query = useQuery(scheduleQuery(props.place));
  if (query.data) return <Section {...props} schedule={query.data} />;
  return (
    <Panel title={t("title")}>
      {query.error ? <LoadProblem query={query} /> : <Skeleton height={120} radius="md" />}
    </Panel>
  );
}

function Section(props: SectionProps & { schedule: Tagged<Schedule> }) {
  const { place, videos, schedule, onUnsaved } = props;
  const draft = useDraft(place, schedule, props.companyZone);
  const { isChanged } = draft;
  useEffect(() => {
    onUnsaved(isChanged);
    return () => onUnsaved(false);
  }, [isChanged, onUnsaved]);
  return (
    <div>
      <SchedulePanel
        videos={videos}
        defaultVideoId={props.defaultVideoId}
        canEdit={props.canEdit}
        draft={draft}
        companyZone={props.companyZone}
      />
      <WhatTheySee
        place={place}
        videos={videos}
        draft={draft}
        isDraft={props.isDraft}
        endsAt={props.endsAt}
      />
      {isChanged && <DraftBar draft={draft} />}
    </div>
  );
}
