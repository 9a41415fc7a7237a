import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { preferencesQuery } from "@/features/notifications/api/preferences";
import { PreferencesForm } from "@/features/notifications/components/preferences-form";

/** Which mails one gets, and how often. */
export function AccountNotificationsRoute() {
  const { t } = useTranslation("notifications");
  const query = useQuery(preferencesQuery);
  return (
    <Page title={t("preferences.title")}>
      <PageHeader title={t("preferences.title")} lead={t("preferences.lead")} />
      <Panel title={t("preferences.mails")}>
        <LoadProblem query={query} />
        {query.isPending && <Skeleton height={320} />}
        {query.data && <PreferencesForm preferences={query.data} />}
      </Panel>
    </Page>
  );
}
