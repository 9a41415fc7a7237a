import { useTranslation } from "react-i18next";
import { SectionNav } from "@/components/section-nav";
import { useOptionalMembership } from "../membership";
import { SectionLink } from "./sections-frame";
import classes from "./shell.module.css";

/** The areas of the company one is in; nothing outside a company. */
export function CompanyNav() {
  const { t } = useTranslation();
  const membership = useOptionalMembership();
  if (!membership) return null;
  const params = { companySlug: membership.company.slug };
  return (
    <div className={classes.areas}>
      <SectionNav label={t("nav.label")} shape="bar">
        <SectionLink
          to="/c/$companySlug"
          params={params}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {t("nav.projects")}
        </SectionLink>
        <SectionLink to="/c/$companySlug/contents" params={params}>
          {t("nav.contents")}
        </SectionLink>
        <SectionLink to="/c/$companySlug/settings" params={params}>
          {t("nav.settings")}
        </SectionLink>
      </SectionNav>
    </div>
  );
}
