import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { PolicySwitch } from "@/features/company-sign-in/components/policy-switch";
import { ProviderPanel } from "@/features/company-sign-in/components/provider-panel";
import { useMembership } from "../membership";

/** How the people of the company prove who they are. */
export function CompanySignInRoute() {
  const { t } = useTranslation("settings");
  const router = useRouter();
  const { company } = useMembership();
  return (
    <Page title={t("signIn.title")}>
      <PageHeader title={t("signIn.title")} lead={t("signIn.lead")} />
      <Panel title={t("signIn.policy.title")}>
        <PolicySwitch
          key={company.id}
          companyId={company.id}
          onSet={() => void router.invalidate()}
        />
      </Panel>
      <Panel title={t("signIn.provider")}>
        <p>{t("signIn.providerWords")}</p>
        <ProviderPanel key={company.id} companyId={company.id} slug={company.slug} />
      </Panel>
    </Page>
  );
}
