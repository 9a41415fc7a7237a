import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { IdentityGate } from "@/components/identity-gate";
import { useOptionalMembership } from "../membership";
import { AppHeader } from "./app-header";
import { CompanyNav } from "./company-nav";
import { OfflineNotice } from "./offline-notice";
import classes from "./shell.module.css";
import { useLiveUpdates } from "./use-live-updates";

/** What surrounds every screen behind the sign-in. */
export function SignedInLayout() {
  const { t } = useTranslation();
  useLiveUpdates(useOptionalMembership()?.company.id);
  return (
    <>
      <a className={classes.skip} href="#main">
        {t("common.skip")}
      </a>
      <AppHeader />
      <CompanyNav />
      <OfflineNotice />
      <IdentityGate>
        <Outlet />
      </IdentityGate>
    </>
  );
}
