import type { CellError, ImportCheck } from "@arv/api-client";
import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Panel } from "@/components/panel";
import { cellWords, columnWord } from "../cell-words";
import classes from "./import.module.css";

/** Rows of problems shown before somebody asks for all. */
const AT_FIRST = 20;

interface CheckPanelProps {
  query: { data: ImportCheck | undefined; error: unknown; refetch: () => unknown };
}

/** What the import would do, and what is wrong in which row. */
export function CheckPanel({ query }: CheckPanelProps) {
  const { t } = useTranslation("contents");
  const { data, error } = query;
  return (
    <Panel title={t("import.step.check")}>
      <LoadProblem query={query} />
      {!data && !error && <Skeleton height={96} radius="md" />}
      {data && !error && (
        <>
          <Figures check={data} />
          {data.errors.length > 0 && <Problems errors={data.errors} />}
        </>
      )}
    </Panel>
  );
}

function Figures({ check }: { check: ImportCheck }) {
  const { t } = useTranslation("contents");
  const wrong = new Set(check.errors.map((error) => error.line)).size;
  const figures = [
    { key: "rows", count: check.row_count },
    { key: "toCreate", count: check.to_create },
    { key: "existing", count: check.existing },
    { key: "wrong", count: wrong },
  ] as const;
  return (
    <dl className={classes.figures} data-testid="import-figures" aria-live="polite">
      {figures.map(({ key, count }) => (
        <div key={key} className={classes.figure} data-kind={count > 0 ? key : undefined}>
          <dd>{count}</dd>
          <dt>{t(`import.figure.${key}`, { count })}</dt>
        </div>
      ))}
    </dl>
  );
}

function Problems({ errors }: { errors: CellError[] }) {
  const { t } = useTranslation("contents");
  const [all, setAll] = useState(false);
  const shown = all ? errors : errors.slice(0, AT_FIRST);
  return (
    <>
      <table className={classes.table} data-testid="import-problems">
        <caption className="visually-hidden">{t("import.problems")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("import.line")}</th>
            <th scope="col">{t("import.columnHead")}</th>
            <th scope="col">{t("import.wrong")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((error) => (
            <tr key={`${error.line} ${error.column} ${error.code}`}>
              <td>{error.line}</td>
              <td>{columnWord(error.column, t)}</td>
              <td>{cellWords(error, t)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < errors.length && (
        <div>
          <Button onClick={() => setAll(true)}>
            {t("import.allProblems", { count: errors.length })}
          </Button>
        </div>
      )}
    </>
  );
}
