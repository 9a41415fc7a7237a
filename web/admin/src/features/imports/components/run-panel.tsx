import type { ContentImport } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Panel } from "@/components/panel";
import { Notice } from "@/components/problem-notice";
import { ProgressLine } from "@/components/progress-line";
import { formatPercent } from "@/lib/format";
import { hasEnded, importQuery, reportUrl } from "../api/imports";
import { importKeys } from "../api/keys";
import classes from "./import.module.css";

interface RunPanelProps {
  companyId: string;
  importId: string;
  onAnother: () => void;
  /** The way to what was made. */
  toPrints: (found: ContentImport) => ReactNode;
}

/** An import at work, then what came of it. */
export function RunPanel({ companyId, importId, ...rest }: RunPanelProps) {
  const { t } = useTranslation("contents");
  const query = useQuery(importQuery(companyId, importId));
  useRenewWhenEnded(companyId, query.data);
  const found = query.data;
  return (
    <Panel title={found ? t(`import.status.${found.status}`) : t("import.step.start")}>
      <LoadProblem query={query} />
      {found && (
        <div className={classes.queue} data-testid="import-run" data-status={found.status}>
          <Progress found={found} />
          {hasEnded(found) && <Ended found={found} companyId={companyId} {...rest} />}
        </div>
      )}
    </Panel>
  );
}

function Progress({ found }: { found: ContentImport }) {
  const { t, i18n } = useTranslation("contents");
  const ended = found.created + found.existing + found.failed;
  const label = t("import.rowsDone", { done: ended, count: found.row_count });
  return (
    <>
      <p className={classes.line} aria-live="polite">
        <span>
          {found.filename} · {label}
        </span>
        <span>{formatPercent(found.progress, i18n.language)}</span>
      </p>
      <ProgressLine share={found.progress} label={label} />
      <dl className={classes.figures}>
        {(["created", "existing", "failed"] as const).map((key) => (
          <div key={key} className={classes.figure} data-kind={found[key] > 0 ? key : undefined}>
            <dd>{found[key]}</dd>
            <dt>{t(`import.figure.${key}`, { count: found[key] })}</dt>
          </div>
        ))}
      </dl>
    </>
  );
}

function Ended({
  found,
  companyId,
  toPrints,
  onAnother,
}: Omit<RunPanelProps, "importId"> & { found: ContentImport }) {
  const { t } = useTranslation("contents");
  return (
    <>
      {found.status === "failed" && (
        <Notice title={t("import.brokenOff")} advice={t("import.brokenOffAdvice")} />
      )}
      {found.failed > 0 && <p className={classes.words}>{t("import.reportWords")}</p>}
      <div className={classes.actions}>
        {toPrints(found)}
        <Button
          component="a"
          href={reportUrl(companyId, found.id)}
          download
          leftSection={<IconDownload size={17} stroke={1.8} aria-hidden />}
          data-testid="import-report"
        >
          {t("import.report")}
        </Button>
        <Button onClick={onAnother}>{t("import.another")}</Button>
      </div>
    </>
  );
}

/** What an import has made shows in every list of prints and projects. */
function useRenewWhenEnded(companyId: string, found: ContentImport | undefined) {
  const queryClient = useQueryClient();
  const ended = found !== undefined && hasEnded(found);
  useEffect(() => {
    if (!ended) return;
    for (const what of ["contents", "projects"]) {
      void queryClient.invalidateQueries({ queryKey: ["companies", companyId, what] });
    }
    void queryClient.invalidateQueries({ queryKey: importKeys.list(companyId) });
  }, [ended, companyId, queryClient]);
}
