import { Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { operatedCompaniesQuery } from "@/features/operator/api/companies";
import { plansQuery } from "@/features/operator/api/plans";
import { CompanyFilters } from "@/features/operator/components/company-filters";
import { CompanyList } from "@/features/operator/components/company-list";
import { NewCompany } from "@/features/operator/components/new-company";
import { itemsOf } from "@/lib/pages";

/** Every company of the installation. */
export function OperatorCompaniesRoute() {
  const { t } = useTranslation("operator");
  const filter = useSearch({ from: "/signed-in/operator/" });
  const navigate = useNavigate({ from: "/operator" });
  const query = useInfiniteQuery(operatedCompaniesQuery(filter));
  const plans = useQuery(plansQuery);
  const companies = itemsOf(query.data);
  return (
    <Page title={t("companies.title")}>
      <PageHeader
        title={t("companies.title")}
        lead={t("companies.lead")}
        actions={plans.data && <NewCompany plans={plans.data} />}
      />
      <CompanyFilters
        filter={filter}
        plans={plans.data ?? []}
        onFilter={(search) => void navigate({ search, replace: true })}
      />
      <LoadProblem query={query} />
      <LoadProblem query={plans} />
      {query.isPending && <Skeleton height={220} />}
      {plans.data && (
        <CompanyList
          companies={companies}
          plans={plans.data}
          onOpen={(companySlug) =>
            void navigate({ to: "/c/$companySlug", params: { companySlug } })
          }
        />
      )}
      <ListFoot query={query} noMatch={query.isSuccess && companies.length === 0} />
    </Page>
  );
}
