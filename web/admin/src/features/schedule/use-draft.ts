import type { Schedule, Tagged } from "@arv/api-client";
import { useState } from "react";
import { type Place, useSetSchedule } from "./api/schedule";
import { type Rules, rulesOf } from "./rules";

/** The rules as they are being changed, and what becomes of the changes. */
export interface Draft {
  rules: Rules;
  /** Whether they differ from what is saved. */
  isChanged: boolean;
  /** Whose clocks the rules mean. */
  zone: string;
  change: (rules: Rules) => void;
  save: () => void;
  /** Over what somebody else has saved meanwhile. */
  saveOver: () => void;
  discard: () => void;
  saving: { isPending: boolean; error: unknown };
}

interface Changes {
  rules: Rules;
  /** The tag of what was changed: what is saved replaces that and nothing newer. */
  etag: string | undefined;
}

/** Changes stay here until they are saved, so that one can look first at what they do. */
export function useDraft(place: Place, schedule: Tagged<Schedule>, companyZone: string): Draft {
  const [changes, setChanges] = useState<Changes | null>(null);
  const saving = useSetSchedule(place, () => setChanges(null));
  const saved = rulesOf(schedule);
  const rules = changes?.rules ?? saved;
  return {
    rules,
    isChanged: changes !== null,
    zone: rules.time_zone ?? companyZone,
    change: (next) => {
      saving.reset();
      const isBack = JSON.stringify(next) === JSON.stringify(saved);
      setChanges(isBack ? null : { rules: next, etag: changes?.etag ?? schedule.etag });
    },
    save: () => changes && saving.mutate(changes),
    saveOver: () => changes && saving.mutate({ ...changes, etag: schedule.etag }),
    discard: () => {
      saving.reset();
      setChanges(null);
    },
    saving,
  };
}
