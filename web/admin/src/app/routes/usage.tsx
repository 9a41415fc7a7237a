import type { Subscription } from "@arv/api-client";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { subscriptionQuery } from "@/features/usage/api/get-subscription";
import { QuotaList } from "@/features/usage/components/quota-list";
import { formatDate } from "@/lib/format";
import { useMembership } from "../membership";

/** The plan of the company, and how much of it is used. */
export function UsageRoute() {
  const { t } = useTranslation("settings");
  const { company } = useMembership();
  const query = useQuery(subscriptionQuery(company.id));
  return (
    <Page title={t("usage.title")}>
      <PageHeader
        title={t("usage.title")}
        lead={query.data && <Standing subscription={query.data} />}
      />
      <LoadProblem query={query} />
      {query.isPending && <Skeleton height={220} />}
      {query.data && <QuotaList quotas={query.data.quotas} />}
    </Page>
  );
}

function Standing({ subscription }: { subscription: Subscription }) {
  const { t, i18n } = useTranslation("settings");
  const { plan, status, ends_at, grace_until } = subscription;
  const date = (iso: string) => formatDate(iso, i18n.language);
  if (status === "lapsed") return t("usage.lapsed");
  if (status === "grace" && grace_until) return t("usage.grace", { until: date(grace_until) });
  if (ends_at) return t("usage.planUntil", { plan: plan.name, until: date(ends_at) });
  return t("usage.plan", { plan: plan.name });
}
