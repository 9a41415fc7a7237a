import type { StorageConnection, StorageTest } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useTestConnection } from "../api/connections";
import { stepWords, troubleWords } from "../trouble-words";
import classes from "./storage.module.css";

interface TestProps {
  companyId: string;
  connection: StorageConnection;
  onDone: () => void;
}

/** Runs the test at once and shows each step of it, the failed one with what to do. */
export function TestConnection({ companyId, connection, onDone }: TestProps) {
  const { t } = useTranslation(["storage", "common"]);
  const { mutate, ...test } = useTestConnection(companyId, connection.id);
  useEffect(() => mutate(), [mutate]);
  return (
    <div className={classes.test}>
      <div role="status" aria-live="polite">
        {test.isPending && <p>{t("test.running")}</p>}
        {test.data && <TestResult result={test.data} />}
      </div>
      <ProblemNotice error={test.error} />
      <div className={classes.actions}>
        <Button onClick={() => mutate()} loading={test.isPending}>
          {t("test.again")}
        </Button>
        <Button variant="filled" onClick={onDone}>
          {t("common:common.close")}
        </Button>
      </div>
    </div>
  );
}

function TestResult({ result }: { result: StorageTest }) {
  const { t } = useTranslation("storage");
  return (
    <>
      <p className={classes.verdict} data-works={result.works || undefined}>
        {t(result.works ? "test.works" : "test.fails")}
      </p>
      <ol className={classes.steps}>
        {result.steps.map((step) => (
          <li key={step.name} data-works={step.works || undefined}>
            {step.works ? <IconCheck size={18} aria-hidden /> : <IconX size={18} aria-hidden />}
            <span>
              {stepWords(step.name, t)}
              <small>
                {step.works
                  ? t("test.milliseconds", { count: Math.max(1, Math.round(step.milliseconds)) })
                  : troubleWords(step.code, step.detail, t)}
              </small>
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
