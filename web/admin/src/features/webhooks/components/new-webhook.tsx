import { useTranslation } from "react-i18next";
import { AddButton } from "@/components/add-button";
import { SecretOnce } from "@/components/secret-once";
import { useCreateWebhook } from "../api/webhooks";
import { WebhookForm } from "./webhook-form";

const EMPTY = { url: "", description: "", events: ["content.*"] };

/** The button that makes a webhook, and the dialog it opens. */
export function NewWebhook({ companyId }: { companyId: string }) {
  const { t } = useTranslation("notifications");
  return (
    <AddButton label={t("webhooks.new")}>
      {(close) => <NewWebhookForm companyId={companyId} onDone={close} />}
    </AddButton>
  );
}

function NewWebhookForm({ companyId, onDone }: { companyId: string; onDone: () => void }) {
  const { t } = useTranslation("notifications");
  const create = useCreateWebhook(companyId);
  if (create.data) {
    return (
      <SecretOnce
        secret={create.data.secret}
        words={t("webhooks.once")}
        doneLabel={t("webhooks.kept")}
        onDone={onDone}
      />
    );
  }
  return (
    <WebhookForm
      initial={EMPTY}
      submitLabel={t("webhooks.create")}
      onSubmit={(fields) => create.mutate(fields)}
      onCancel={onDone}
      pending={create.isPending}
      error={create.error}
    />
  );
}
