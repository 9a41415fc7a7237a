import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchField } from "@/components/search-field";
import {
  type ContentFilter,
  choicesMade,
  ENDS,
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
  const [open, setOpen] = useState(false);
  const id = useId();
  const change = (part: ContentFilter) => onFilter(readContentFilter({ ...filter, ...part }));
  const made = choicesMade(filter);
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
        <Button
          className={classes.toggle}
          leftSection={<IconAdjustmentsHorizontal size={18} stroke={1.8} aria-hidden />}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {made > 0 ? t("filter.show", { count: made }) : t("filter.showAny")}
        </Button>
      </div>
      <div id={id} className={classes.fields} data-open={open || undefined}>
        {project}
        <Choices filter={filter} change={change} />
      </div>
    </search>
  );
}

interface ChoicesProps {
  filter: ContentFilter;
  change: (part: ContentFilter) => void;
}

function Choices({ filter, change }: ChoicesProps) {
  const { t } = useTranslation("contents");
  return (
    <>
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
      <Choice
        label={t("filter.end")}
        value={filter.ends}
        options={ENDS.map((value) => ({ value, label: t(`filter.ends.${value}`) }))}
        onChoose={(value) => change({ ends: oneOf(ENDS, value) })}
      />
      <NativeSelect
        label={t("sort.label")}
        value={filter.sort ?? SORTS[0]}
        data={SORTS.map((value) => ({ value, label: t(`sort.${value}`) }))}
        onChange={(event) => change({ sort: oneOf(SORTS, event.currentTarget.value) })}
      />
    </>
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
