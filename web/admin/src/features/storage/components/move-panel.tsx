import type { StorageConnection, StorageMove } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Panel } from "@/components/panel";
import { ProblemNotice } from "@/components/problem-notice";
import { ProgressLine } from "@/components/progress-line";
import { formatBytes, formatDate } from "@/lib/format";
import { movesQuery, useChangeMove, useResumeMove } from "../api/moves";
import { failureWords } from "../failure-words";
import classes from "./keeping.module.css";
import { StartMove } from "./start-move";

interface PanelProps {
  companyId: string;
  connections: StorageConnection[];
}

/** The company's move to another storage: begun here, watched here. */
export function MovePanel({ companyId, connections }: PanelProps) {
  const { t } = useTranslation("keeping");
  const { data } = useQuery(movesQuery(companyId));
  const newest = data?.items[0];
  useFreshConnections(companyId, newest?.state);
  const isOpen = newest && ["running", "paused", "failed"].includes(newest.state);
  const name =
    connections.find((connection) => connection.id === newest?.to_connection_id)?.name ??
    t("moving.gone");
  return (
    <Panel
      title={t("moving.title")}
      action={!isOpen && <StartMove companyId={companyId} connections={connections} />}
    >
      <p className={classes.words}>{t("moving.words")}</p>
      {newest && isOpen && <OpenMove companyId={companyId} move={newest} name={name} />}
      {newest?.state === "done" && <DoneMove companyId={companyId} move={newest} />}
    </Panel>
  );
}

/** A move that ends changes which connection has the files. */
function useFreshConnections(companyId: string, state: string | undefined) {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (state === "done")
      void queryClient.invalidateQueries({ queryKey: ["storage-connections", companyId] });
  }, [queryClient, companyId, state]);
}

interface MoveProps {
  companyId: string;
  move: StorageMove;
}

function OpenMove({ companyId, move, name }: MoveProps & { name: string }) {
  const { t, i18n } = useTranslation("keeping");
  const share = move.bytes_total > 0 ? Math.min(1, move.bytes_done / move.bytes_total) : 0;
  const title = t(`moving.state.${move.state}`, { name });
  return (
    <div className={classes.move} aria-live="polite">
      <strong>{title}</strong>
      <ProgressLine share={share} label={title} />
      <span>
        {t("moving.progress", {
          done: move.files_done,
          count: move.files_total,
          bytes: formatBytes(move.bytes_done, i18n.language),
        })}
      </span>
      {move.state === "failed" && <p className={classes.failure}>{failureWords(move, t)}</p>}
      <MoveSteps companyId={companyId} move={move} />
    </div>
  );
}

function MoveSteps({ companyId, move }: MoveProps) {
  const { t } = useTranslation("keeping");
  const [asked, setAsked] = useState(false);
  const change = useChangeMove(companyId, move.id, () => setAsked(false));
  const resume = useResumeMove(companyId, move.id);
  const isRunning = move.state === "running";
  return (
    <>
      <ProblemNotice error={resume.error ?? (asked ? null : change.error)} />
      <div className={classes.actions}>
        {isRunning ? (
          <Button onClick={() => change.mutate("pause")} loading={change.isPending}>
            {t("moving.pause")}
          </Button>
        ) : (
          <Button variant="filled" onClick={() => resume.mutate(false)} loading={resume.isPending}>
            {t("moving.resume")}
          </Button>
        )}
        {move.failure_code === "files_missing" && (
          <Button onClick={() => resume.mutate(true)}>{t("moving.leave")}</Button>
        )}
        <Button onClick={() => setAsked(true)}>{t("moving.cancel")}</Button>
      </div>
      <ConfirmDialog
        opened={asked}
        onClose={() => setAsked(false)}
        onConfirm={() => change.mutate("cancel")}
        title={t("moving.cancelTitle")}
        words={t("moving.cancelWords")}
        confirmLabel={t("moving.cancel")}
        pending={change.isPending}
        error={change.error}
      />
    </>
  );
}

function DoneMove({ companyId, move }: MoveProps) {
  const { t, i18n } = useTranslation("keeping");
  const [asked, setAsked] = useState(false);
  const change = useChangeMove(companyId, move.id, () => setAsked(false));
  const waits = move.clean_up_after !== null && move.cleaned_at === null;
  const date = (iso: string | null) => formatDate(iso ?? "", i18n.language);
  return (
    <div className={classes.move}>
      <span>{t("moving.doneOn", { count: move.files_done, date: date(move.finished_at) })}</span>
      {waits && <span>{t("moving.oldCopies", { date: date(move.clean_up_after) })}</span>}
      {waits && (
        <div className={classes.actions}>
          <Button onClick={() => setAsked(true)}>{t("moving.cleanUp")}</Button>
        </div>
      )}
      <ConfirmDialog
        opened={asked}
        onClose={() => setAsked(false)}
        onConfirm={() => change.mutate("clean-up")}
        title={t("moving.cleanUpTitle")}
        words={t("moving.cleanUpWords")}
        confirmLabel={t("moving.cleanUp")}
        pending={change.isPending}
        error={change.error}
      />
    </div>
  );
}
