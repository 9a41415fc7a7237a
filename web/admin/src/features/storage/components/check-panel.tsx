import type { StorageCheck } from "@arv/api-client";
import { Button, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { ProblemNotice } from "@/components/problem-notice";
import { formatBytes, formatMoment } from "@/lib/format";
import { checksQuery, useStartCheck } from "../api/checks";
import classes from "./keeping.module.css";

/** Whether every file is there: what the last check found, and the next one. */
export function CheckPanel({ companyId }: { companyId: string }) {
  const { t } = useTranslation("keeping");
  const { data } = useQuery(checksQuery(companyId));
  const [deep, setDeep] = useState(false);
  const start = useStartCheck(companyId);
  const newest = data?.items[0];
  return (
    <Panel
      title={t("checking.title")}
      action={
        <Button
          onClick={() => start.mutate(deep)}
          loading={start.isPending || newest?.state === "running"}
        >
          {t("checking.start")}
        </Button>
      }
    >
      <p className={classes.words}>{t("checking.words")}</p>
      <div aria-live="polite">
        {newest ? <Outcome check={newest} /> : data && <p>{t("checking.never")}</p>}
      </div>
      <Checkbox
        label={t("checking.deep")}
        checked={deep}
        onChange={(event) => setDeep(event.currentTarget.checked)}
      />
      <ProblemNotice error={start.error} />
    </Panel>
  );
}

function Outcome({ check }: { check: StorageCheck }) {
  const { t, i18n } = useTranslation("keeping");
  if (check.state === "running") return <p>{t("checking.running")}</p>;
  if (check.state === "failed")
    return (
      <p className={classes.failure}>
        {t("checking.failed", { detail: check.failure_detail ?? "" })}
      </p>
    );
  const { missing, damaged, files: count } = check;
  const isWhole = missing + damaged === 0;
  return (
    <div className={classes.move}>
      <strong className={isWhole ? undefined : classes.failure}>
        {isWhole
          ? t("checking.whole", { count })
          : t("checking.missing", { missing, damaged, count })}
      </strong>
      {check.orphans > 0 && (
        <span>
          {t("checking.orphans", {
            count: check.orphans,
            bytes: formatBytes(check.orphan_bytes, i18n.language),
          })}
        </span>
      )}
      <Examples check={check} />
      <small>
        {t("checking.at", { date: formatMoment(check.finished_at ?? "", i18n.language) })}
      </small>
    </div>
  );
}

function Examples({ check }: { check: StorageCheck }) {
  const { t } = useTranslation("keeping");
  if (check.examples.length === 0) return null;
  return (
    <details>
      <summary>{t("checking.examples")}</summary>
      <ul className={classes.examples}>
        {check.examples.map((example) => (
          <li key={example}>{example}</li>
        ))}
      </ul>
    </details>
  );
}
