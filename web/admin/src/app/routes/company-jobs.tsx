import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { companyJobsQuery } from "@/features/jobs/api/jobs";
import { JobList } from "@/features/jobs/components/job-list";
import { itemsOf } from "@/lib/pages";
import { useMembership } from "../membership";

/** What the company's background work failed at, and what becomes of it. */
export function CompanyJobsRoute() {
  const { t } = useTranslation("jobs");
  const { company } = useMembership();
  const query = useInfiniteQuery(companyJobsQuery(company.id));
  const jobs = itemsOf(query.data);
  return (
    <Page title={t("companyTitle")}>
      <PageHeader title={t("companyTitle")} lead={t("companyLead")} />
      <LoadProblem query={query} />
      {query.isPending && <Skeleton height={160} />}
      <JobList companyId={company.id} jobs={jobs} />
      <ListFoot
        query={query}
        noMatch={query.isSuccess && jobs.length === 0}
        noMatchWords={t("nothingFailed")}
      />
    </Page>
  );
}
