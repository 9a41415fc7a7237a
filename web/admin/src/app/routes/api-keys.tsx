import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { apiKeysQuery } from "@/features/api-keys/api/api-keys";
import { KeyList } from "@/features/api-keys/components/key-list";
import { NewKey } from "@/features/api-keys/components/new-key";
import { itemsOf } from "@/lib/pages";
import { useMembership } from "../membership";

/** Keys for programs that work in the company's name. */
export function ApiKeysRoute() {
  const { t } = useTranslation("settings");
  const { company } = useMembership();
  const query = useInfiniteQuery(apiKeysQuery(company.id));
  const keys = itemsOf(query.data);
  const none = query.isSuccess && keys.length === 0;
  return (
    <Page title={t("keys.title")}>
      <PageHeader
        title={t("keys.title")}
        lead={t("keys.lead")}
        // In one place whatever the list holds: its dialog shows the first key's secret as the list fills.
        actions={<NewKey companyId={company.id} />}
      />
      <LoadProblem query={query} />
      {none && <EmptyState title={t("keys.emptyTitle")} words={t("keys.emptyWords")} />}
      <KeyList companyId={company.id} keys={keys} />
      <ListFoot query={query} noMatch={false} />
    </Page>
  );
}
