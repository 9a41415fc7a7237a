import { Button, Menu, NativeSelect } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { SearchField } from "@/components/search-field";
import { downloadUrl, type EventFilter } from "../api/list-events";
import { asSubject, SUBJECTS } from "../event-words";
import classes from "./event-tools.module.css";

interface EventToolsProps {
  /** Null for the log of the whole installation. */
  companyId: string | null;
  filter: EventFilter;
  onFilter: (filter: EventFilter) => void;
}

/** What narrows the log, and the download of what is left. */
export function EventTools({ companyId, filter, onFilter }: EventToolsProps) {
  const { t } = useTranslation("settings");
  return (
    <div className={classes.tools}>
      <div className={classes.search}>
        <SearchField
          label={t("audit.search")}
          value={filter.q}
          onSearch={(q) => onFilter({ ...filter, q })}
        />
      </div>
      <NativeSelect
        aria-label={t("audit.about")}
        value={filter.about ?? ""}
        data={[
          { value: "", label: t("audit.everything") },
          ...SUBJECTS.map((subject) => ({ value: subject, label: t(`audit.subject.${subject}`) })),
        ]}
        onChange={(event) => onFilter({ ...filter, about: asSubject(event.currentTarget.value) })}
      />
      <Menu>
        <Menu.Target>
          <Button leftSection={<IconDownload size={18} stroke={1.7} />}>
            {t("audit.download")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={downloadUrl(companyId, "csv", filter)} download>
            {t("audit.csv")}
          </Menu.Item>
          <Menu.Item component="a" href={downloadUrl(companyId, "jsonl", filter)} download>
            {t("audit.jsonl")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
