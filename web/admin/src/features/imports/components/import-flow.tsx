import type { ContentImport } from "@arv/api-client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { importCheckQuery } from "../api/check-import";
import { useStartImport } from "../api/start-import";
import type { ImportTable } from "../import-table";
import { queueProgress } from "../upload-queue";
import { useUploadQueue } from "../use-upload-queue";
import { wantedFiles } from "../wanted-files";
import { CheckPanel } from "./check-panel";
import { FilesPanel } from "./files-panel";
import { StartPanel } from "./start-panel";
import { TablePanel } from "./table-panel";

interface ImportFlowProps {
  companyId: string;
  projectId: string | undefined;
  projectField: ReactNode;
  onStarted: (started: ContentImport) => void;
  /** Whether leaving now would lose files on their way. */
  onBusy: (busy: boolean) => void;
}

/** A table, its check, the files it names, and the start: each step appears when the one before allows it. */
export function ImportFlow({ companyId, projectId, projectField, ...on }: ImportFlowProps) {
  const [table, setTable] = useState<ImportTable | null>(null);
  const [round, setRound] = useState(0);
  const check = useQuery(importCheckQuery(companyId, projectId, table, round));
  const queue = useUploadQueue(companyId, () => setRound((before) => before + 1));
  const start = useStartImport(companyId, on.onStarted);
  const errors = check.data?.errors;
  const wanted = useMemo(() => wantedFiles(errors ?? []), [errors]);
  const busy = queueProgress(queue.files).running;
  const { onBusy } = on;
  useEffect(() => onBusy(busy), [busy, onBusy]);
  const checking = projectId !== undefined && table !== null;
  return (
    <>
      <TablePanel
        companyId={companyId}
        projectField={projectField}
        table={table}
        onTable={setTable}
      />
      {checking && <CheckPanel query={check} />}
      {checking && check.data && !check.error && (
        <>
          <FilesPanel
            wanted={wanted}
            files={queue.files}
            onMatched={queue.add}
            onRetry={queue.retryFailed}
          />
          <StartPanel
            check={check.data}
            busy={busy || check.isPlaceholderData}
            pending={start.isPending}
            error={start.error}
            onStart={() => start.mutate({ projectId, table })}
          />
        </>
      )}
    </>
  );
}
