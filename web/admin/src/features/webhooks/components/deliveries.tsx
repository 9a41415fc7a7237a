import type { WebhookDelivery } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { ProblemNotice } from "@/components/problem-notice";
import { Row, RowList } from "@/components/row-list";
import { failureWords } from "@/lib/failure-words";
import { formatMoment } from "@/lib/format";
import { itemsOf } from "@/lib/pages";
import { useReplay, webhookDeliveriesQuery } from "../api/webhooks";

/** What a webhook got, and what its address said to it. */
export function Deliveries({ companyId, webhookId }: { companyId: string; webhookId: string }) {
  const { t } = useTranslation("notifications");
  const query = useInfiniteQuery(webhookDeliveriesQuery(companyId, webhookId));
  const deliveries = itemsOf(query.data);
  return (
    <>
      <LoadProblem query={query} />
      {query.isSuccess && deliveries.length === 0 && <p>{t("webhooks.noDeliveries")}</p>}
      <RowList label={t("webhooks.deliveries")}>
        {deliveries.map((delivery) => (
          <DeliveryRow key={delivery.id} {...{ companyId, webhookId, delivery }} />
        ))}
      </RowList>
      <ListFoot query={query} noMatch={false} />
    </>
  );
}

interface DeliveryRowProps {
  companyId: string;
  webhookId: string;
  delivery: WebhookDelivery;
}

function DeliveryRow({ companyId, webhookId, delivery }: DeliveryRowProps) {
  const { t, i18n } = useTranslation("notifications");
  const replay = useReplay(companyId, webhookId, delivery.id);
  const said = delivery.response_status ?? (delivery.failure && failureWords(delivery.failure, t));
  return (
    <Row
      title={delivery.event_name}
      detail={
        <>
          {formatMoment(delivery.created_at, i18n.language)} · {t(`log.state.${delivery.state}`)}
          {said && ` · ${said}`}
          {delivery.attempts > 1 && ` · ${t("log.attempts", { count: delivery.attempts })}`}
        </>
      }
      foot={replay.error ? <ProblemNotice error={replay.error} /> : undefined}
    >
      {delivery.state !== "queued" && (
        <Button size="compact-md" loading={replay.isPending} onClick={() => replay.mutate()}>
          {t("webhooks.replay")}
        </Button>
      )}
    </Row>
  );
}
