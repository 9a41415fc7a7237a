import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SectionNav } from "@/components/section-nav";
import { useMembership } from "../membership";
import { SectionLink } from "./company-nav";
import classes from "./settings-layout.module.css";

/** The settings of a company: their screens beside one another, each open to whom it concerns. */
const SECTIONS = [
  { to: "/c/$companySlug/settings/usage", words: "sections.usage", forOwners: false },
  { to: "/c/$companySlug/settings/audit", words: "sections.audit", forOwners: true },
] as const;

export function SettingsLayout() {
  const { t } = useTranslation("settings");
  const { company, role } = useMembership();
  const open = SECTIONS.filter(({ forOwners }) => !forOwners || role === "owner");
  return (
    <div className={classes.frame}>
      <SectionNav label={t("sections.label")} shape="rail">
        {open.map(({ to, words }) => (
          <SectionLink key={to} to={to} params={{ companySlug: company.slug }}>
            {t(words)}
          </SectionLink>
        ))}
      </SectionNav>
      <div className={classes.screen}>
        <Outlet />
      </div>
    </div>
  );
}
