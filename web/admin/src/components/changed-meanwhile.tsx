import { Problem } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Notice } from "./problem-notice";

export interface Conflict {
  /** Shows what somebody else made of it, in place of what was typed. */
  onTheirs: () => void;
  /** Saves what was typed over it. */
  onMine: () => void;
}

/** Whether a save was refused because somebody else had saved before. */
export const isConflict = (error: unknown) =>
  error instanceof Problem && error.code === "precondition_failed";

/** Two people changed one thing: which of both it shall be. */
export function ChangedMeanwhile({ onTheirs, onMine }: Conflict) {
  const { t } = useTranslation();
  return (
    <Notice
      tone="amber"
      title={t("problem.code.precondition_failed.title")}
      advice={t("conflict.advice")}
    >
      <Button size="sm" variant="ink" onClick={onTheirs}>
        {t("conflict.theirs")}
      </Button>
      <Button size="sm" onClick={onMine}>
        {t("conflict.mine")}
      </Button>
    </Notice>
  );
}
