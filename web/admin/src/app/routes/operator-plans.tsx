import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { plansQuery } from "@/features/operator/api/plans";
import { NewPlan, PlanList } from "@/features/operator/components/plan-list";

/** What companies may be given. */
export function OperatorPlansRoute() {
  const { t } = useTranslation("operator");
  const query = useQuery(plansQuery);
  return (
    <Page title={t("plans.title")}>
      <PageHeader title={t("plans.title")} lead={t("plans.lead")} actions={<NewPlan />} />
      <LoadProblem query={query} />
      {query.isPending && <Skeleton height={220} />}
      {query.data && <PlanList plans={query.data} />}
    </Page>
  );
}
