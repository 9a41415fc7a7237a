import { Skeleton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { lookQuery } from "@/features/company-settings/api/look";
import { DomainPanel } from "@/features/company-settings/components/domain-panel";
import { LogoField } from "@/features/company-settings/components/logo-field";
import { LookForm } from "@/features/company-settings/components/look-form";
import { useMembership } from "../membership";

/** How the company's viewer looks, and under which address it is found. */
export function LookRoute() {
  const { t } = useTranslation(["settings", "common"]);
  const { company } = useMembership();
  const query = useQuery(lookQuery(company.id));
  const saved = () =>
    notifications.show({
      message: t("general.saved"),
      closeButtonProps: { "aria-label": t("common:common.close") },
    });
  return (
    <Page title={t("look.title")}>
      <PageHeader title={t("look.title")} lead={t("look.lead")} />
      <LoadProblem query={query} />
      {query.isPending && <Skeleton height={320} />}
      {query.data && (
        <>
          <Panel title={t("look.logo")}>
            <LogoField companyId={company.id} logo={query.data.logo} />
          </Panel>
          <Panel title={t("look.colors")}>
            <LookForm
              key={company.id}
              companyId={company.id}
              companyName={company.name}
              look={query.data}
              onSaved={saved}
            />
          </Panel>
        </>
      )}
      <Panel title={t("domain.title")}>
        <DomainPanel companyId={company.id} />
      </Panel>
    </Page>
  );
}
