import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { webhooksQuery } from "@/features/webhooks/api/webhooks";
import { NewWebhook } from "@/features/webhooks/components/new-webhook";
import { WebhookList } from "@/features/webhooks/components/webhook-list";
import { useMembership } from "../membership";

/** Addresses of other programs that hear of the company's events. */
export function WebhooksRoute() {
  const { t } = useTranslation("notifications");
  const { company } = useMembership();
  const query = useQuery(webhooksQuery(company.id));
  const webhooks = query.data?.items ?? [];
  return (
    <Page title={t("webhooks.title")}>
      <PageHeader
        title={t("webhooks.title")}
        lead={t("webhooks.lead")}
        actions={<NewWebhook companyId={company.id} />}
      />
      <LoadProblem query={query} />
      {query.isSuccess && webhooks.length === 0 && (
        <EmptyState title={t("webhooks.emptyTitle")} words={t("webhooks.emptyWords")} />
      )}
      <WebhookList companyId={company.id} webhooks={webhooks} />
    </Page>
  );
}
