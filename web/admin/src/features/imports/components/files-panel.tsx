import { Button } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { ProgressLine } from "@/components/progress-line";
import { Row, RowList } from "@/components/row-list";
import { formatPercent } from "@/lib/format";
import { problemMessage } from "@/lib/problem-message";
import { type QueuedFile, queueProgress } from "../upload-queue";
import { type MatchedFile, matchFiles, type WantedFile } from "../wanted-files";
import { FileDrop } from "./file-drop";
import { FolderButton } from "./folder-button";
import classes from "./import.module.css";

interface FilesPanelProps {
  wanted: WantedFile[];
  files: readonly QueuedFile[];
  onMatched: (matched: MatchedFile[]) => void;
  onRetry: () => void;
}

/** The files the table names: dropped as a folder, found by name, sent a few at a time. */
export function FilesPanel({ wanted, files, onMatched, onRetry }: FilesPanelProps) {
  const { t } = useTranslation("contents");
  const id = useId();
  const [unused, setUnused] = useState(0);
  if (wanted.length === 0 && files.length === 0) return null;
  const take = (chosen: File[]) => {
    const found = matchFiles(wanted, chosen);
    setUnused(found.unused);
    if (found.matched.length > 0) onMatched(found.matched);
  };
  return (
    <Panel
      title={t("import.step.files")}
      action={wanted.length > 0 && <FolderButton onFiles={take} />}
    >
      {wanted.length > 0 && (
        <FileDrop
          id={id}
          multiple
          label={t("import.chooseFiles")}
          onFiles={take}
          testId="import-files"
        >
          <IconFolderOpen size={28} stroke={1.5} aria-hidden />
          <strong>{t("import.dropFiles", { count: wanted.length })}</strong>
          <span className={classes.names}>{namesOf(wanted)}</span>
        </FileDrop>
      )}
      {unused > 0 && <p className={classes.words}>{t("import.unused", { count: unused })}</p>}
      {files.length > 0 && <QueueLine files={files} onRetry={onRetry} />}
    </Panel>
  );
}

/** A few names, to know which folder is meant. */
function namesOf(wanted: WantedFile[]): string {
  const few = wanted.slice(0, 4).map((each) => each.name);
  return wanted.length > few.length ? `${few.join(", ")}, …` : few.join(", ");
}

function QueueLine({ files, onRetry }: { files: readonly QueuedFile[]; onRetry: () => void }) {
  const { t, i18n } = useTranslation(["contents", "common"]);
  const { share, done, running, failed } = queueProgress(files);
  const label = t("import.sent", { done, count: files.length });
  return (
    <div className={classes.queue} data-testid="import-queue">
      <p className={classes.line} aria-live="polite">
        <span>{label}</span>
        <span>{formatPercent(share, i18n.language)}</span>
      </p>
      {running && <ProgressLine share={share} label={label} />}
      {failed.length > 0 && (
        <>
          <RowList label={t("import.notSent")}>
            {failed.map((file) => (
              <FailedFile key={`${file.purpose} ${file.name}`} file={file} />
            ))}
          </RowList>
          <div>
            <Button onClick={onRetry}>{t("common:upload.retry")}</Button>
          </div>
        </>
      )}
    </div>
  );
}

function FailedFile({ file }: { file: QueuedFile }) {
  const { t } = useTranslation();
  const { title, advice } = problemMessage(file.problem, t);
  return <Row title={file.name} detail={`${title}. ${advice}`} />;
}
