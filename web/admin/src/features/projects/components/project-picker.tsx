import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { projectQuery } from "../api/get-project";
import { projectNamesQuery } from "../api/project-names";
import classes from "./project-picker.module.css";

interface ProjectPickerProps {
  companyId: string;
  value: string | null;
  onChange: (projectId: string | null) => void;
  label: string;
  placeholder?: string;
  /** Choosing none is a choice too. */
  clearable?: boolean;
}

/** One of the company's projects, found by typing: the server searches, however many there are. */
export function ProjectPicker({ companyId, value, onChange, ...field }: ProjectPickerProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const chosen = useQuery({ ...projectQuery(companyId, value ?? ""), enabled: value !== null });
  const chosenName = value ? chosen.data?.name : undefined;
  // What stands in the field because it is chosen is not what somebody looks for.
  const [q] = useDebouncedValue(typed === chosenName ? "" : typed.trim(), 200);
  const { data } = useQuery(projectNamesQuery(companyId, q));
  const found = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const known = found.some((each) => each.value === value);
  const options = value && chosenName && !known ? [{ value, label: chosenName }, ...found] : found;
  return (
    <Select
      searchable
      data={options}
      value={value}
      onChange={onChange}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options: all }) => all}
      nothingFoundMessage={t("common.noMatch")}
      clearButtonProps={{ "aria-label": t("common.close") }}
      comboboxProps={{ shadow: "md", transitionProps: { duration: 120 } }}
      classNames={{
        input: classes.input,
        label: classes.label,
        dropdown: classes.dropdown,
        option: classes.option,
      }}
      data-testid="project-picker"
      {...field}
    />
  );
}
