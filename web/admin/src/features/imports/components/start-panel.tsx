import type { ImportCheck } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { ProblemNotice } from "@/components/problem-notice";
import classes from "./import.module.css";

interface StartPanelProps {
  check: ImportCheck;
  /** Files are still being sent. */
  busy: boolean;
  pending: boolean;
  error: unknown;
  onStart: () => void;
}

/** The last step: what will be made, and what will be left out. */
export function StartPanel({ check, busy, pending, error, onStart }: StartPanelProps) {
  const { t } = useTranslation("contents");
  const wrong = new Set(check.errors.map((each) => each.line)).size;
  return (
    <Panel title={t("import.step.start")}>
      <p className={classes.words}>{t(wordsFor(check, busy, wrong), { count: wrong })}</p>
      <ProblemNotice error={error} />
      <div>
        <Button
          variant="filled"
          disabled={check.to_create === 0 || busy}
          loading={pending}
          onClick={onStart}
          data-testid="import-start"
        >
          {t("import.start", { count: check.to_create })}
        </Button>
      </div>
    </Panel>
  );
}

function wordsFor(check: ImportCheck, busy: boolean, wrong: number) {
  if (busy) return "import.waitForFiles" as const;
  const waits = check.errors.some((each) => each.code === "upload_not_found");
  if (check.to_create === 0 && waits) return "import.filesFirst" as const;
  if (check.to_create === 0) return "import.nothingToCreate" as const;
  return wrong > 0 ? ("import.leavesOut" as const) : ("import.allGood" as const);
}
