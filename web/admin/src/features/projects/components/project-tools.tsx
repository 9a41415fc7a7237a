import { NativeSelect, SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SearchField } from "@/components/search-field";
import { PROJECT_SORTS, type ProjectFilter, readProjectFilter } from "../project-filter";
import classes from "./project-tools.module.css";

interface ProjectToolsProps {
  filter: ProjectFilter;
  onFilter: (filter: ProjectFilter) => void;
  /** There is nothing to look for: only the way into the archive is shown. */
  bare: boolean;
}

/** Search, order, and the way into the archive. */
export function ProjectTools({ filter, onFilter, bare }: ProjectToolsProps) {
  const { t } = useTranslation(["common", "contents"]);
  const change = (part: Record<string, unknown>) =>
    onFilter(readProjectFilter({ ...filter, ...part }));
  return (
    <search className={classes.tools} data-bare={bare || undefined}>
      {!bare && (
        <SearchField label={t("project.search")} value={filter.q} onSearch={(q) => change({ q })} />
      )}
      {!bare && (
        <NativeSelect
          aria-label={t("contents:sort.label")}
          value={filter.sort ?? PROJECT_SORTS[0]}
          data={PROJECT_SORTS.map((value) => ({
            value,
            label: t(`contents:project.sort.${value}`),
          }))}
          onChange={(event) => change({ sort: event.currentTarget.value })}
        />
      )}
      <SegmentedControl
        aria-label={t("contents:project.which")}
        value={filter.archived ? "archived" : "used"}
        onChange={(value) => change({ archived: value === "archived" })}
        data={(["used", "archived"] as const).map((value) => ({
          value,
          label: t(`contents:project.${value}`),
        }))}
      />
    </search>
  );
}
