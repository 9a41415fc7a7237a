import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChangedMeanwhile, isConflict } from "@/components/changed-meanwhile";
import { ProblemNotice } from "@/components/problem-notice";
import type { Draft } from "../use-draft";
import classes from "./draft-bar.module.css";

/** Stays in sight while rules are changed and not saved. */
export function DraftBar({ draft }: { draft: Draft }) {
  const { t } = useTranslation("schedule");
  const { saving } = draft;
  return (
    <section className={classes.bar} aria-label={t("draft.label")} data-testid="schedule-draft">
      {isConflict(saving.error) ? (
        <ChangedMeanwhile onTheirs={draft.discard} onMine={draft.saveOver} />
      ) : (
        <ProblemNotice error={saving.error} />
      )}
      <div className={classes.line}>
        <p className={classes.words}>{t("draft.words")}</p>
        <Button onClick={draft.discard} disabled={saving.isPending}>
          {t("draft.discard")}
        </Button>
        <Button
          variant="filled"
          onClick={draft.save}
          loading={saving.isPending}
          data-testid="schedule-save"
        >
          {t("draft.save")}
        </Button>
      </div>
    </section>
  );
}
