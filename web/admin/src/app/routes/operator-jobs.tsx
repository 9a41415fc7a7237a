import { Skeleton, Switch } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { allJobsQuery, overviewQuery } from "@/features/jobs/api/jobs";
import { JobList } from "@/features/jobs/components/job-list";
import { JobsOverviewPanels } from "@/features/jobs/components/jobs-overview";
import { itemsOf } from "@/lib/pages";
import { useMe } from "../membership";

/** All background work of the installation: how it stands, and what was given up. */
export function OperatorJobsRoute() {
  const { t } = useTranslation("jobs");
  const overview = useQuery(overviewQuery);
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <LoadProblem query={overview} />
      {overview.isPending && <Skeleton height={180} />}
      {overview.data && <JobsOverviewPanels overview={overview.data} />}
      <FailedJobs />
    </Page>
  );
}

function FailedJobs() {
  const { t } = useTranslation("jobs");
  const { memberships } = useMe();
  const filter = useSearch({ from: "/signed-in/operator/jobs" });
  const navigate = useNavigate({ from: "/operator/jobs" });
  const query = useInfiniteQuery(allJobsQuery(filter));
  const jobs = itemsOf(query.data);
  const names = new Map(memberships.map(({ company }) => [company.id, company.name]));
  return (
    <Panel
      title={t("failed")}
      action={
        <Switch
          label={t("withRefused")}
          checked={filter.refused ?? false}
          onChange={({ currentTarget: { checked } }) =>
            void navigate({ search: { ...filter, refused: checked || undefined }, replace: true })
          }
        />
      }
    >
      <LoadProblem query={query} />
      {query.isPending && <Skeleton height={160} />}
      <JobList
        companyId={null}
        jobs={jobs}
        placeOf={(job) =>
          "company_id" in job && job.company_id
            ? (names.get(job.company_id) ?? t("otherCompany"))
            : t("noCompany")
        }
      />
      <ListFoot
        query={query}
        noMatch={query.isSuccess && jobs.length === 0}
        noMatchWords={t("nothingFailed")}
      />
    </Panel>
  );
}
