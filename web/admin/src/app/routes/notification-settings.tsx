import { NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/components/empty-state";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { channelsQuery } from "@/features/notifications/api/channels";
import { type DeliveryState, deliveriesQuery } from "@/features/notifications/api/deliveries";
import { ChannelList } from "@/features/notifications/components/channel-list";
import { DeliveryLog } from "@/features/notifications/components/delivery-log";
import { NewChannel } from "@/features/notifications/components/new-channel";
import { itemsOf } from "@/lib/pages";
import { useMembership } from "../membership";

/** Chats that hear of what happens in the company, and the log of what was sent. */
export function NotificationSettingsRoute() {
  const { t } = useTranslation("notifications");
  const { company } = useMembership();
  const query = useQuery(channelsQuery(company.id));
  const channels = query.data?.items ?? [];
  return (
    <Page title={t("channels.title")}>
      <PageHeader
        title={t("channels.title")}
        lead={t("channels.lead")}
        actions={<NewChannel companyId={company.id} />}
      />
      <LoadProblem query={query} />
      {query.isSuccess && channels.length === 0 && (
        <EmptyState title={t("channels.emptyTitle")} words={t("channels.emptyWords")} />
      )}
      <ChannelList companyId={company.id} channels={channels} kinds={query.data?.kinds ?? []} />
      <Log companyId={company.id} />
    </Page>
  );
}

const STATES = ["queued", "sent", "failed"] as const;

function Log({ companyId }: { companyId: string }) {
  const { t } = useTranslation("notifications");
  const [state, setState] = useState<DeliveryState | undefined>();
  const query = useInfiniteQuery(deliveriesQuery(companyId, state));
  const deliveries = itemsOf(query.data);
  return (
    <Panel
      title={t("log.title")}
      action={
        <NativeSelect
          aria-label={t("log.only")}
          value={state ?? ""}
          data={[
            { value: "", label: t("log.all") },
            ...STATES.map((one) => ({ value: one, label: t(`log.state.${one}`) })),
          ]}
          onChange={(event) => setState(STATES.find((one) => one === event.currentTarget.value))}
        />
      }
    >
      <LoadProblem query={query} />
      {query.isSuccess && deliveries.length === 0 && <p>{t("log.none")}</p>}
      <DeliveryLog companyId={companyId} deliveries={deliveries} />
      <ListFoot query={query} noMatch={false} />
    </Panel>
  );
}
