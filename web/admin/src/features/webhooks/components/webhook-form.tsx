import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import type { WebhookFields } from "../api/webhooks";
import { EventPicker } from "./event-picker";

interface WebhookFormProps {
  initial: WebhookFields;
  submitLabel: string;
  onSubmit: (fields: WebhookFields) => void;
  onCancel: () => void;
  pending: boolean;
  error: unknown;
}

/** Where to, and which events. */
export function WebhookForm({ initial, onSubmit, ...form }: WebhookFormProps) {
  const { t } = useTranslation("notifications");
  const [fields, setFields] = useState(initial);
  const set = (changed: Partial<WebhookFields>) => setFields({ ...fields, ...changed });
  return (
    <DialogForm
      {...form}
      onSubmit={() => onSubmit({ ...fields, url: fields.url.trim() })}
      disabled={fields.url.trim() === "" || fields.events.length === 0}
    >
      <TextInput
        label={t("webhooks.url")}
        type="url"
        placeholder="https://studio.example/hooks/arv"
        maxLength={2000}
        value={fields.url}
        onChange={(event) => set({ url: event.currentTarget.value })}
        data-autofocus
      />
      <TextInput
        label={t("webhooks.description")}
        maxLength={200}
        value={fields.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <EventPicker value={fields.events} onChange={(events) => set({ events })} />
    </DialogForm>
  );
}
