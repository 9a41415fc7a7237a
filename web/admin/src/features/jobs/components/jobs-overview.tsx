import type { JobsOverview } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { Row, RowList } from "@/components/row-list";
import { formatMoment } from "@/lib/format";
import { formatAge, taskWords } from "../job-words";
import classes from "./jobs.module.css";

/** How queues, workers and the clock stand. */
export function JobsOverviewPanels({ overview }: { overview: JobsOverview }) {
  const { t } = useTranslation("jobs");
  const hasBeat = overview.processes.some(({ kind }) => kind === "beat");
  return (
    <>
      <Panel title={t("queues")}>
        <ul className={classes.queues}>
          {overview.queues.map((queue) => (
            <QueueCard key={queue.name} queue={queue} />
          ))}
        </ul>
      </Panel>
      <Panel title={t("clock")} tone={hasBeat ? "teal" : "quiet"}>
        <p className={classes.lead} data-missing={!hasBeat || undefined}>
          {hasBeat ? t("clockGoes") : t("clockStands")}
        </p>
        <Ticks ticks={overview.ticks} />
      </Panel>
    </>
  );
}

function QueueCard({ queue }: { queue: JobsOverview["queues"][number] }) {
  const { t, i18n } = useTranslation("jobs");
  const age = queue.oldest_seconds;
  return (
    <li className={classes.queue}>
      <h3>{t(`queue.${queue.name as "default"}`, { defaultValue: queue.name })}</h3>
      <dl className={classes.figures}>
        <Figure name={t("waiting")} value={queue.waiting} />
        <Figure name={t("running")} value={queue.running} />
        <Figure name={t("dead")} value={queue.dead} isBad={queue.dead > 0} />
      </dl>
      <p data-missing={queue.workers === 0 || undefined}>
        {queue.workers === 0
          ? t("noWorker")
          : t("workers", { count: queue.workers, slots: queue.slots })}
        {age !== null && age >= 1 && ` · ${t("oldest", { age: formatAge(age, i18n.language) })}`}
        {queue.scheduled > 0 && ` · ${t("scheduled", { count: queue.scheduled })}`}
      </p>
    </li>
  );
}

function Figure({ name, value, isBad }: { name: string; value: number; isBad?: boolean }) {
  const { i18n } = useTranslation("jobs");
  return (
    <div data-bad={isBad || undefined}>
      <dd>{new Intl.NumberFormat(i18n.language).format(value)}</dd>
      <dt>{name}</dt>
    </div>
  );
}

function Ticks({ ticks }: { ticks: JobsOverview["ticks"] }) {
  const { t, i18n } = useTranslation("jobs");
  const moment = (iso: string) => formatMoment(iso, i18n.language);
  return (
    <details className={classes.details}>
      <summary>{t("ticks", { count: ticks.length })}</summary>
      <RowList label={t("clock")}>
        {ticks.map((tick) => (
          <Row
            key={tick.name}
            title={taskWords(tick.name.replaceAll("-", "_"), i18n)}
            detail={
              tick.last_at
                ? t("tickLast", { next: moment(tick.due_at), last: moment(tick.last_at) })
                : t("tickNext", { next: moment(tick.due_at) })
            }
          >
            <TimingWords timing={tick.timing} />
          </Row>
        ))}
      </RowList>
    </details>
  );
}

function TimingWords({ timing }: { timing: string }) {
  const { t, i18n } = useTranslation("jobs");
  const seconds = Number(timing);
  if (Number.isNaN(seconds)) return timing;
  return t("every", { age: formatAge(seconds, i18n.language) });
}
