import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { EmailForm } from "@/features/account/components/email-form";
import { ProfileForm } from "@/features/account/components/profile-form";
import { changeLanguage } from "../i18n";
import { useMe } from "../membership";

/** What one is called, how one is written to. */
export function ProfileRoute() {
  const { t } = useTranslation(["account", "common"]);
  const { user } = useMe();
  const saved = async (language: typeof user.language) => {
    await changeLanguage(language);
    notifications.show({
      message: t("profile.saved"),
      closeButtonProps: { "aria-label": t("common:common.close") },
    });
  };
  return (
    <Page title={t("sections.profile")}>
      <PageHeader title={t("sections.profile")} />
      <Panel title={t("profile.title")}>
        <ProfileForm user={user} onSaved={(language) => void saved(language)} />
      </Panel>
      <Panel title={t("email.title")}>
        <EmailForm email={user.email} />
      </Panel>
    </Page>
  );
}
