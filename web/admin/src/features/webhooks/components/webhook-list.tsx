import type { Webhook, WebhookPing } from "@arv/api-client";
import {
  IconHistory,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconRotateClockwise2,
  IconSend,
  IconTrash,
} from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { ItemMenu } from "@/components/item-menu";
import { Notice, ProblemNotice } from "@/components/problem-notice";
import { Row, RowList } from "@/components/row-list";
import { SecretOnce } from "@/components/secret-once";
import { failureWords } from "@/lib/failure-words";
import { formatMoment } from "@/lib/format";
import { usePing, useRemoveWebhook, useRotateSecret, useUpdateWebhook } from "../api/webhooks";
import { Deliveries } from "./deliveries";
import { ReplayRange } from "./replay-range";
import { WebhookForm } from "./webhook-form";

/** The webhooks of a company, and how each does. */
export function WebhookList({ companyId, webhooks }: { companyId: string; webhooks: Webhook[] }) {
  const { t } = useTranslation("notifications");
  return (
    <RowList label={t("webhooks.title")}>
      {webhooks.map((webhook) => (
        <WebhookRow key={webhook.id} companyId={companyId} webhook={webhook} />
      ))}
    </RowList>
  );
}

interface OneProps {
  companyId: string;
  webhook: Webhook;
}

type Opened = "edit" | "replay" | "rotate" | "remove" | "deliveries" | null;

function WebhookRow({ companyId, webhook }: OneProps) {
  const { t } = useTranslation("notifications");
  const [open, setOpen] = useState<Opened>(null);
  const close = () => setOpen(null);
  const ping = usePing(companyId, webhook.id);
  const update = useUpdateWebhook(companyId, webhook.id, close);
  return (
    <Row
      title={webhook.description || webhook.url}
      detail={<Standing webhook={webhook} />}
      foot={
        (ping.data || ping.error) && (
          <>
            <ProblemNotice error={ping.error} />
            {ping.data && <Pinged ping={ping.data} />}
          </>
        )
      }
    >
      <ItemMenu
        label={t("webhooks.menu", { name: webhook.description || webhook.url })}
        actions={[
          { label: t("webhooks.ping"), icon: IconSend, onClick: () => ping.mutate() },
          {
            label: t("webhooks.deliveries"),
            icon: IconHistory,
            onClick: () => setOpen("deliveries"),
          },
          ...(webhook.enabled
            ? [
                {
                  label: t("webhooks.replayRange"),
                  icon: IconRotateClockwise2,
                  onClick: () => setOpen("replay"),
                },
              ]
            : []),
          { label: t("webhooks.edit"), icon: IconPencil, onClick: () => setOpen("edit") },
          {
            label: t(webhook.enabled ? "webhooks.off" : "webhooks.on"),
            icon: webhook.enabled ? IconPlayerPause : IconPlayerPlay,
            onClick: () => update.mutate({ enabled: !webhook.enabled }),
          },
          { label: t("webhooks.rotate"), icon: IconRefresh, onClick: () => setOpen("rotate") },
          {
            label: t("webhooks.remove"),
            icon: IconTrash,
            onClick: () => setOpen("remove"),
            danger: true,
          },
        ]}
      />
      <WebhookDialogs {...{ companyId, webhook, open, close, update }} />
    </Row>
  );
}

function Standing({ webhook }: { webhook: Webhook }) {
  const { t, i18n } = useTranslation("notifications");
  const since = webhook.failing_since && formatMoment(webhook.failing_since, i18n.language);
  const state = !webhook.enabled
    ? t(`webhooks.state.${webhook.disabled_reason ?? "by_hand"}`)
    : since
      ? t("webhooks.state.struggling", { since })
      : t("webhooks.state.on");
  return (
    <>
      {webhook.description && (
        <>
          {webhook.url}
          <br />
        </>
      )}
      {webhook.events.join(", ")} · {state}
    </>
  );
}

function Pinged({ ping }: { ping: WebhookPing }) {
  const { t } = useTranslation("notifications");
  const words = ping.is_delivered
    ? t("webhooks.pinged", { status: ping.response_status, count: ping.duration_ms })
    : notTaken(ping, t);
  if (ping.is_delivered) return <p role="status">{words}</p>;
  return <Notice title={t("webhooks.notPinged")} advice={words} tone="amber" />;
}

function notTaken({ response_status, failure }: WebhookPing, t: TFunction<"notifications">) {
  if (response_status) return t("webhooks.badAnswer", { status: response_status });
  return failure ? failureWords(failure, t) : "";
}

interface DialogsProps extends OneProps {
  open: Opened;
  close: () => void;
  update: ReturnType<typeof useUpdateWebhook>;
}

function WebhookDialogs({ companyId, webhook, open, close, update }: DialogsProps) {
  const { t } = useTranslation(["notifications", "common"]);
  const remove = useRemoveWebhook(companyId, webhook.id, close);
  const { url, description, events } = webhook;
  return (
    <>
      <Dialog opened={open === "edit"} onClose={close} title={t("webhooks.editTitle")}>
        <WebhookForm
          initial={{ url, description, events }}
          submitLabel={t("common:common.save")}
          onSubmit={(fields) => update.mutate(fields)}
          onCancel={close}
          pending={update.isPending}
          error={update.error}
        />
      </Dialog>
      <Dialog opened={open === "deliveries"} onClose={close} title={t("webhooks.deliveries")}>
        <Deliveries companyId={companyId} webhookId={webhook.id} />
      </Dialog>
      <Dialog opened={open === "replay"} onClose={close} title={t("webhooks.replayRange")}>
        <ReplayRange companyId={companyId} webhookId={webhook.id} onDone={close} />
      </Dialog>
      <Dialog opened={open === "rotate"} onClose={close} title={t("webhooks.rotate")}>
        <RotateForm companyId={companyId} webhook={webhook} onDone={close} />
      </Dialog>
      <ConfirmDialog
        opened={open === "remove"}
        onClose={close}
        onConfirm={() => remove.mutate()}
        title={t("webhooks.removeTitle")}
        words={t("webhooks.removeWords", { url })}
        confirmLabel={t("webhooks.remove")}
        pending={remove.isPending}
        error={remove.error}
      />
    </>
  );
}

function RotateForm({ companyId, webhook, onDone }: OneProps & { onDone: () => void }) {
  const { t } = useTranslation("notifications");
  const rotate = useRotateSecret(companyId, webhook.id);
  if (rotate.data) {
    return (
      <SecretOnce
        secret={rotate.data.secret}
        words={t("webhooks.once")}
        doneLabel={t("webhooks.kept")}
        onDone={onDone}
      />
    );
  }
  return (
    <DialogForm
      submitLabel={t("webhooks.rotate")}
      onSubmit={() => rotate.mutate()}
      onCancel={onDone}
      pending={rotate.isPending}
      error={rotate.error}
    >
      <p>{t("webhooks.rotateWords")}</p>
    </DialogForm>
  );
}
