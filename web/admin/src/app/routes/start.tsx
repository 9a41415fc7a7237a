import { Navigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { Page } from "@/components/page";
import { lastCompanySlug } from "../last-company";
import { useMe } from "../membership";

/** To the company worked in last, or the first one. */
export function StartRoute() {
  const { t } = useTranslation();
  const { memberships } = useMe();
  const last = lastCompanySlug();
  const chosen = memberships.find(({ company }) => company.slug === last) ?? memberships[0];
  if (chosen) {
    return <Navigate to="/c/$companySlug" params={{ companySlug: chosen.company.slug }} replace />;
  }
  return (
    <Page title={undefined}>
      <EmptyState title={t("company.noneTitle")} words={t("company.noneWords")} />
    </Page>
  );
}
