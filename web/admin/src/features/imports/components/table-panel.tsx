import { Button } from "@mantine/core";
import { IconDownload, IconFileSpreadsheet } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Panel } from "@/components/panel";
import { formatBytes } from "@/lib/format";
import { templateUrl } from "../api/imports";
import { type ImportTable, readTable } from "../import-table";
import { FileDrop } from "./file-drop";
import classes from "./import.module.css";

interface TablePanelProps {
  companyId: string;
  /** Chooses where the prints will be. */
  projectField: ReactNode;
  table: ImportTable | null;
  onTable: (table: ImportTable) => void;
}

/** Where the prints will be, and the table that lists them. */
export function TablePanel({ companyId, projectField, table, onTable }: TablePanelProps) {
  const { t, i18n } = useTranslation("contents");
  const id = useId();
  const take = async ([file]: File[]) => file && onTable(await readTable(file));
  const size = table && formatBytes(table.content.size, i18n.language);
  return (
    <Panel
      title={t("import.step.table")}
      action={
        <Button
          component="a"
          href={templateUrl(companyId)}
          download
          leftSection={<IconDownload size={17} stroke={1.8} aria-hidden />}
          data-testid="import-template"
        >
          {t("import.template")}
        </Button>
      }
    >
      <p className={classes.words}>{t("import.tableWords")}</p>
      <div className={classes.project}>{projectField}</div>
      <FileDrop
        id={id}
        accept=".csv,text/csv,text/plain,.txt,.tsv"
        label={t(table ? "import.otherTable" : "import.chooseTable")}
        onFiles={(files) => void take(files)}
        testId="import-table"
      >
        <IconFileSpreadsheet size={28} stroke={1.5} aria-hidden />
        <strong>{table ? table.name : t("import.dropTable")}</strong>
        <span>{size ?? t("import.tableKinds")}</span>
      </FileDrop>
    </Panel>
  );
}
