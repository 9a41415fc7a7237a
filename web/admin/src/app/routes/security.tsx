import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { SessionList } from "@/features/account/components/session-list";
import { TwoFactorPanel } from "@/features/account/components/two-factor-panel";
import { useMe } from "../membership";

/** Everything that keeps an account one's own. */
export function SecurityRoute() {
  const { t } = useTranslation(["account", "common"]);
  const { two_factor } = useMe();
  return (
    <Page title={t("sections.security")}>
      <PageHeader title={t("sections.security")} />
      <Panel title={t("twoFactor.title")} tone={two_factor.enabled ? "teal" : "quiet"}>
        <TwoFactorPanel required={two_factor.required} />
      </Panel>
      <Panel title={t("password.title")}>
        <div>
          <Button renderRoot={(props) => <Link to="/new-password" {...props} />}>
            {t("common:account.changePassword")}
          </Button>
        </div>
      </Panel>
      <Panel title={t("sessions.title")}>
        <SessionList />
      </Panel>
    </Page>
  );
}
