import type { NotificationDelivery } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { Row, RowList } from "@/components/row-list";
import { failureWords } from "@/lib/failure-words";
import { formatMoment } from "@/lib/format";
import { useResend } from "../api/deliveries";
import { kindWords } from "../kind-words";

interface DeliveryLogProps {
  companyId: string;
  deliveries: NotificationDelivery[];
}

/** What was sent to whom, and what became of it. */
export function DeliveryLog({ companyId, deliveries }: DeliveryLogProps) {
  const { t } = useTranslation("notifications");
  return (
    <RowList label={t("log.title")}>
      {deliveries.map((delivery) => (
        <DeliveryRow key={delivery.id} companyId={companyId} delivery={delivery} />
      ))}
    </RowList>
  );
}

function DeliveryRow(props: { companyId: string; delivery: NotificationDelivery }) {
  const { companyId, delivery } = props;
  const { t, i18n } = useTranslation("notifications");
  const resend = useResend(companyId, delivery.id);
  return (
    <Row
      title={kindWords(delivery.kind, t)}
      detail={
        <>
          {delivery.target} · {formatMoment(delivery.created_at, i18n.language)}
          <br />
          {t(`log.state.${delivery.state}`)}
          {delivery.attempts > 1 && ` · ${t("log.attempts", { count: delivery.attempts })}`}
          {delivery.failure && ` · ${failureWords(delivery.failure, t)}`}
        </>
      }
      foot={resend.error ? <ProblemNotice error={resend.error} /> : undefined}
    >
      {delivery.can_resend && (
        <Button size="compact-md" loading={resend.isPending} onClick={() => resend.mutate()}>
          {t("log.resend")}
        </Button>
      )}
    </Row>
  );
}
