import { useTranslation } from "react-i18next";
import { SectionLink, SectionsFrame } from "./sections-frame";

/** What the operator of the installation looks after. */
export function OperatorLayout() {
  const { t } = useTranslation("operator");
  return (
    <SectionsFrame
      label={t("sections.label")}
      links={
        <>
          <SectionLink to="/operator" activeOptions={{ exact: true, includeSearch: false }}>
            {t("sections.companies")}
          </SectionLink>
          <SectionLink to="/operator/people">{t("sections.people")}</SectionLink>
          <SectionLink to="/operator/plans">{t("sections.plans")}</SectionLink>
          <SectionLink to="/operator/jobs">{t("sections.jobs")}</SectionLink>
          <SectionLink to="/operator/backups">{t("sections.backups")}</SectionLink>
          <SectionLink to="/operator/audit">{t("sections.audit")}</SectionLink>
          <SectionLink to="/operator/deleted">{t("sections.deleted")}</SectionLink>
        </>
      }
    />
  );
}
