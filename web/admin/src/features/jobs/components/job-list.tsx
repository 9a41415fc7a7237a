import type { CompanyJob, OperatedJob } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconRefresh, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ItemMenu } from "@/components/item-menu";
import { ProblemNotice } from "@/components/problem-notice";
import { Row, RowList } from "@/components/row-list";
import { useToast } from "@/components/use-toast";
import { formatMoment } from "@/lib/format";
import { type Fate, useSettleJobs } from "../api/jobs";
import { failureWords, taskWords } from "../job-words";
import classes from "./jobs.module.css";

type Job = CompanyJob | OperatedJob;

interface JobListProps {
  /** Whose work it is; the operator's list is of all. */
  companyId: string | null;
  jobs: Job[];
  placeOf?: (job: Job) => string | null;
}

/** Work that was given up: what, why, when, and what becomes of it. */
export function JobList({ companyId, jobs, placeOf }: JobListProps) {
  const { t } = useTranslation("jobs");
  const toast = useToast();
  const settling = useSettleJobs(companyId);
  const settle = (fate: Fate, ids: string[]) =>
    settling.mutate({ fate, ids }, { onSuccess: (count) => toast(t(`done.${fate}`, { count })) });
  const repeatable = jobs.filter((job) => job.can_retry && !job.refused).map(({ id }) => id);
  return (
    <>
      <ProblemNotice error={settling.error} />
      {companyId === null && repeatable.length > 1 && (
        <Button
          className={classes.all}
          leftSection={<IconRefresh size={18} stroke={1.7} />}
          loading={settling.isPending}
          onClick={() => settle("retry", repeatable.slice(0, 200))}
        >
          {t("retryAll", { count: Math.min(repeatable.length, 200) })}
        </Button>
      )}
      <RowList label={t("failed")}>
        {jobs.map((job) => (
          <JobRow
            key={job.id}
            job={job}
            place={placeOf?.(job) ?? null}
            onSettle={(fate) => settle(fate, [job.id])}
          />
        ))}
      </RowList>
    </>
  );
}

interface JobRowProps {
  job: Job;
  place: string | null;
  onSettle: (fate: Fate) => void;
}

function JobRow({ job, place, onSettle }: JobRowProps) {
  const { t, i18n } = useTranslation("jobs");
  const name = taskWords(job.task_name, i18n);
  const when = formatMoment(job.finished_at ?? job.created_at, i18n.language);
  const facts = [when, t("attempts", { count: job.attempts }), place].filter(Boolean);
  const retry = { label: t("retry"), icon: IconRefresh, onClick: () => onSettle("retry") };
  const discard = { label: t("discard"), icon: IconTrash, onClick: () => onSettle("discard") };
  return (
    <Row
      title={name}
      detail={failureWords(job.error, i18n)}
      foot={
        <>
          <span>{facts.join(" · ")}</span>
          {"arguments" in job && <Arguments job={job} />}
        </>
      }
    >
      <ItemMenu
        label={t("more", { name })}
        actions={job.can_retry ? [retry, discard] : [discard]}
      />
    </Row>
  );
}

function Arguments({ job }: { job: OperatedJob }) {
  const { t } = useTranslation("jobs");
  const given = Object.entries(job.arguments);
  return (
    <details className={classes.details}>
      <summary>{t("details")}</summary>
      <dl className={classes.facts}>
        <Fact name={t("fact.task")} value={job.task_name} />
        <Fact name={t("fact.job")} value={job.id} />
        {job.error && <Fact name={t("fact.code")} value={job.error.code} />}
        {job.worker && <Fact name={t("fact.worker")} value={job.worker} />}
        {given.map(([name, value]) => (
          <Fact key={name} name={name} value={String(value)} />
        ))}
      </dl>
    </details>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
