import { useTranslation } from "react-i18next";
import { useMembership } from "../membership";
import { SectionLink, SectionsFrame } from "./sections-frame";

const SECTIONS = [
  { to: "/c/$companySlug/settings/general", words: "sections.general", forOwners: true },
  { to: "/c/$companySlug/settings/look", words: "sections.look", forOwners: true },
  { to: "/c/$companySlug/settings/usage", words: "sections.usage", forOwners: false },
  { to: "/c/$companySlug/settings/members", words: "sections.members", forOwners: false },
  { to: "/c/$companySlug/settings/sign-in", words: "sections.signIn", forOwners: true },
  { to: "/c/$companySlug/settings/api-keys", words: "sections.keys", forOwners: true },
  {
    to: "/c/$companySlug/settings/notifications",
    words: "sections.notifications",
    forOwners: true,
  },
  { to: "/c/$companySlug/settings/webhooks", words: "sections.webhooks", forOwners: true },
  { to: "/c/$companySlug/settings/audit", words: "sections.audit", forOwners: true },
  { to: "/c/$companySlug/settings/jobs", words: "sections.jobs", forOwners: true },
  { to: "/c/$companySlug/settings/storage", words: "sections.storage", forOwners: true },
  { to: "/c/$companySlug/settings/data", words: "sections.data", forOwners: true },
] as const;

/** The settings of a company, each open to whom it concerns. */
export function SettingsLayout() {
  const { t } = useTranslation("settings");
  const { company, role } = useMembership();
  const open = SECTIONS.filter(({ forOwners }) => !forOwners || role === "owner");
  return (
    <SectionsFrame
      label={t("sections.label")}
      links={open.map(({ to, words }) => (
        <SectionLink key={to} to={to} params={{ companySlug: company.slug }}>
          {t(words)}
        </SectionLink>
      ))}
    />
  );
}
