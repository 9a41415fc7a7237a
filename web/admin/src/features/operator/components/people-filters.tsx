import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SearchField } from "@/components/search-field";
import { asKind, KINDS, type PeopleFilter } from "../api/people";
import classes from "./company-list.module.css";

interface PeopleFiltersProps {
  filter: PeopleFilter;
  onFilter: (filter: PeopleFilter) => void;
}

/** What narrows the list of people. */
export function PeopleFilters({ filter, onFilter }: PeopleFiltersProps) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.tools}>
      <div className={classes.search}>
        <SearchField
          label={t("people.search")}
          value={filter.q}
          onSearch={(q) => onFilter({ ...filter, q })}
        />
      </div>
      <NativeSelect
        aria-label={t("people.kind.label")}
        value={filter.kind ?? ""}
        data={[
          { value: "", label: t("people.kind.all") },
          ...KINDS.map((kind) => ({ value: kind, label: t(`people.kind.${kind}`) })),
        ]}
        onChange={(event) => onFilter({ ...filter, kind: asKind(event.currentTarget.value) })}
      />
    </div>
  );
}
