import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { operatedCompaniesQuery } from "@/features/operator/api/companies";
import { erasuresQuery } from "@/features/operator/api/erasures";
import { DeletedList } from "@/features/operator/components/deleted-list";
import { ErasureList } from "@/features/operator/components/erasure-list";
import { itemsOf } from "@/lib/pages";

/** Companies on their way out, and proof of those that are gone. */
export function OperatorDeletedRoute() {
  const { t } = useTranslation("operator");
  const deleted = useInfiniteQuery(operatedCompaniesQuery({}, true));
  const erasures = useInfiniteQuery(erasuresQuery);
  const erased = itemsOf(erasures.data);
  // An erasure begun a moment ago may have ended since the list was read.
  const gone = new Set(erased.map((one) => one.erased_company_id));
  const companies = itemsOf(deleted.data).filter(({ company }) => !gone.has(company.id));
  return (
    <Page title={t("sections.deleted")}>
      <PageHeader title={t("sections.deleted")} lead={t("deleted.lead")} />
      <Panel title={t("deleted.title")}>
        <LoadProblem query={deleted} />
        {deleted.isPending && <Skeleton height={120} />}
        {deleted.isSuccess && companies.length === 0 && <p>{t("deleted.none")}</p>}
        <DeletedList companies={companies} />
        <ListFoot query={deleted} noMatch={false} />
      </Panel>
      <Panel title={t("erasures.title")}>
        <LoadProblem query={erasures} />
        {erasures.isPending && <Skeleton height={120} />}
        {erasures.isSuccess && erased.length === 0 && <p>{t("erasures.none")}</p>}
        <ErasureList erasures={erased} />
        <ListFoot query={erasures} noMatch={false} />
      </Panel>
    </Page>
  );
}
