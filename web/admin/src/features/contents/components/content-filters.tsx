import { NativeSelect, SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { SearchField } from "@/components/search-field";
import {
  type ContentFilter,
  oneOf,
  readContentFilter,
  SORTS,
  STATUSES,
  TARGETS,
  VIDEOS,
} from "../content-filter";
import classes from "./content-filters.module.css";

interface ContentFiltersProps {
  filter: ContentFilter;
  onFilter: (filter: ContentFilter) => void;
  /** Chooses a project. */
  project: ReactNode;
}

/** What narrows and orders the list of all prints. */
export function ContentFilters({ filter, onFilter, project }: ContentFiltersProps) {
  const { t } = useTranslation("contents");
  const change = (part: ContentFilter) =>
    onFilter(readContentFilter({ ...filter, ...part } as Record<string, unknown>));
  return (
    <search className={classes.tools}>
      <div className={classes.first}>
        <SearchField label={t("all.search")} value={filter.q} onSearch={(q) => change({ q })} />
        <SegmentedControl
          aria-label={t("all.which")}
          value={filter.archived ? "archived" : "used"}
          onChange={(value) => change({ archived: value === "archived" || undefined })}
          data={(["used", "archived"] as const).map((value) => ({
            value,
            label: t(`all.${value}`),
          }))}
        />
      </div>
      <div className={classes.fields}>
        {project}
        <Choice
          label={t("filter.status")}
          value={filter.status}
          options={STATUSES.map((value) => ({ value, label: t(`filter.statuses.${value}`) }))}
          onChoose={(value) => change({ status: oneOf(STATUSES, value) })}
        />
        <Choice
          label={t("filter.target")}
          value={filter.target}
          options={TARGETS.map((value) => ({ value, label: t(`filter.targets.${value}`) }))}
          onChoose={(value) => change({ target: oneOf(TARGETS, value) })}
        />
        <Choice
          label={t("filter.video")}
          value={filter.video}
          options={VIDEOS.map((value) => ({ value, label: t(`filter.videos.${value}`) }))}
          onChoose={(value) => change({ video: oneOf(VIDEOS, value) })}
        />
        <NativeSelect
          label={t("sort.label")}
          value={filter.sort ?? SORTS[0]}
          data={SORTS.map((value) => ({ value, label: t(`sort.${value}`) }))}
          onChange={(event) => change({ sort: oneOf(SORTS, event.currentTarget.value) })}
        />
      </div>
    </search>
  );
}

interface ChoiceProps {
  label: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  onChoose: (value: string) => void;
}

/** One of a few, or whichever. */
function Choice({ label, value, options, onChoose }: ChoiceProps) {
  const { t } = useTranslation("contents");
  return (
    <NativeSelect
      label={label}
      value={value ?? ""}
      data={[{ value: "", label: t("filter.any") }, ...options]}
      onChange={(event) => onChoose(event.currentTarget.value)}
    />
  );
}
