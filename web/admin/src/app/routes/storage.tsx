import { SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { connectionsQuery } from "@/features/storage/api/connections";
import { CheckPanel } from "@/features/storage/components/check-panel";
import { ConnectYandex } from "@/features/storage/components/connect-yandex";
import { ConnectionList } from "@/features/storage/components/connection-list";
import { MovePanel } from "@/features/storage/components/move-panel";
import { NewConnection } from "@/features/storage/components/new-connection";
import { YandexOutcome } from "@/features/storage/components/yandex-outcome";
import { itemsOf } from "@/lib/pages";
import { useMembership } from "../membership";

/** Where the company's files are kept. */
export function StorageRoute() {
  const { t } = useTranslation("storage");
  const { company } = useMembership();
  const { connected, problem } = useSearch({ from: "/signed-in/c/$companySlug/settings/storage" });
  const [archived, setArchived] = useState(false);
  const query = useInfiniteQuery(connectionsQuery(company.id, archived));
  const connections = itemsOf(query.data);
  const none = query.isSuccess && connections.length === 0;
  return (
    <Page title={t("title")}>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <ConnectYandex companyId={company.id} />
            <NewConnection companyId={company.id} />
          </>
        }
      />
      <YandexOutcome connected={connected} problem={problem} />
      <SegmentedControl
        aria-label={t("which")}
        mb="md"
        value={archived ? "archived" : "open"}
        onChange={(value) => setArchived(value === "archived")}
        data={[
          { value: "open", label: t("open") },
          { value: "archived", label: t("archived") },
        ]}
      />
      <LoadProblem query={query} />
      {none && <EmptyState title={t("emptyTitle")} words={t("emptyWords")} />}
      <ConnectionList companyId={company.id} connections={connections} />
      <ListFoot query={query} noMatch={false} />
      {!archived && query.isSuccess && (
        <>
          <MovePanel companyId={company.id} connections={connections} />
          <CheckPanel companyId={company.id} />
        </>
      )}
    </Page>
  );
}
