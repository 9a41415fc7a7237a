import type { Plan } from "@arv/api-client";
import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SearchField } from "@/components/search-field";
import { asStatus, type CompanyFilter, STATUSES } from "../api/companies";
import classes from "./company-list.module.css";

interface CompanyFiltersProps {
  filter: CompanyFilter;
  plans: Plan[];
  onFilter: (filter: CompanyFilter) => void;
}

/** What narrows the list of companies. */
export function CompanyFilters({ filter, plans, onFilter }: CompanyFiltersProps) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.tools}>
      <div className={classes.search}>
        <SearchField
          label={t("companies.search")}
          value={filter.q}
          onSearch={(q) => onFilter({ ...filter, q })}
        />
      </div>
      <NativeSelect
        aria-label={t("companies.status")}
        value={filter.status ?? ""}
        data={[
          { value: "", label: t("companies.anyStatus") },
          ...STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) })),
        ]}
        onChange={(event) => onFilter({ ...filter, status: asStatus(event.currentTarget.value) })}
      />
      <NativeSelect
        aria-label={t("companies.plan")}
        value={filter.plan ?? ""}
        data={[
          { value: "", label: t("companies.anyPlan") },
          ...plans.map(({ code, name }) => ({ value: code, label: name })),
        ]}
        onChange={(event) => onFilter({ ...filter, plan: event.currentTarget.value || undefined })}
      />
    </div>
  );
}
