import { useTranslation } from "react-i18next";
import { SectionLink, SectionsFrame } from "./sections-frame";

/** What belongs to the person, whatever the company. */
export function AccountLayout() {
  const { t } = useTranslation("account");
  return (
    <SectionsFrame
      label={t("sections.label")}
      links={
        <>
          <SectionLink to="/account" activeOptions={{ exact: true }}>
            {t("sections.profile")}
          </SectionLink>
          <SectionLink to="/account/security">{t("sections.security")}</SectionLink>
          <SectionLink to="/account/notifications">{t("sections.notifications")}</SectionLink>
        </>
      }
    />
  );
}
