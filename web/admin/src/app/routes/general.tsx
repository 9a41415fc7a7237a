import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { ContactForm } from "@/features/company-settings/components/contact-form";
import { ExpiryForm } from "@/features/company-settings/components/expiry-form";
import { GeneralForm } from "@/features/company-settings/components/general-form";
import { useMembership } from "../membership";

/** What the company is called and how it is reached. */
export function GeneralRoute() {
  const { t } = useTranslation(["settings", "common"]);
  const { company } = useMembership();
  const saved = () =>
    notifications.show({
      message: t("general.saved"),
      closeButtonProps: { "aria-label": t("common:common.close") },
    });
  return (
    <Page title={t("general.title")}>
      <PageHeader title={t("general.title")} />
      <Panel title={t("general.basics")}>
        <GeneralForm key={company.id} company={company} onSaved={saved} />
      </Panel>
      <Panel title={t("expiry.title")}>
        <ExpiryForm key={company.id} company={company} onSaved={saved} />
      </Panel>
      <Panel title={t("general.contactTitle")}>
        <ContactForm key={company.id} company={company} onSaved={saved} />
      </Panel>
    </Page>
  );
}
