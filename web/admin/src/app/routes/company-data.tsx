import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { ProblemNotice } from "@/components/problem-notice";
import { exportsQuery, useRequestExport } from "@/features/company-data/api/exports";
import { DeleteCompany } from "@/features/company-data/components/delete-company";
import { ExportList } from "@/features/company-data/components/export-list";
import { useMembership } from "../membership";

/** Taking everything away, and ending the company. */
export function CompanyDataRoute() {
  const { t } = useTranslation("settings");
  const navigate = useNavigate();
  const { company } = useMembership();
  const query = useQuery(exportsQuery(company.id));
  const request = useRequestExport(company.id);
  return (
    <Page title={t("data.title")}>
      <PageHeader title={t("data.title")} />
      <Panel
        title={t("data.exports")}
        action={
          <Button loading={request.isPending} onClick={() => request.mutate()}>
            {t("data.export")}
          </Button>
        }
      >
        <p>{t("data.exportWords")}</p>
        <ProblemNotice error={request.error} />
        <LoadProblem query={query} />
        <ExportList companyId={company.id} exports={query.data?.items ?? []} />
      </Panel>
      <Panel title={t("data.end")}>
        <p>{t("data.endWords")}</p>
        <DeleteCompany company={company} onDeleted={() => void navigate({ to: "/" })} />
      </Panel>
    </Page>
  );
}
