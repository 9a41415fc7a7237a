import { NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddButton } from "@/components/add-button";
import { DialogForm } from "@/components/dialog-form";
import { type NewChannel as Fields, useCreateChannel } from "../api/channels";

/** The button that adds a chat, and the dialog it opens. */
export function NewChannel({ companyId }: { companyId: string }) {
  const { t } = useTranslation("notifications");
  return (
    <AddButton label={t("channels.new")}>
      {(close) => <NewChannelForm companyId={companyId} onDone={close} />}
    </AddButton>
  );
}

const EMPTY = { name: "", url: "", botToken: "", chatId: "" };
type Typed = typeof EMPTY;

function NewChannelForm({ companyId, onDone }: { companyId: string; onDone: () => void }) {
  const { t, i18n } = useTranslation("notifications");
  const [fields, setFields] = useState(EMPTY);
  const [kind, setKind] = useState<Fields["kind"]>("telegram");
  const create = useCreateChannel(companyId);
  const set = (changed: Partial<Typed>) => setFields({ ...fields, ...changed });
  const language = i18n.language === "ru" ? "ru" : "en";
  return (
    <DialogForm
      submitLabel={t("channels.add")}
      onSubmit={() => create.mutate({ language, ...sentOf(kind, fields) }, { onSuccess: onDone })}
      onCancel={onDone}
      pending={create.isPending}
      error={create.error}
      disabled={fields.name.trim() === "" || (kind === "messenger" && fields.url.trim() === "")}
    >
      <NativeSelect
        label={t("channels.what")}
        value={kind}
        data={[
          { value: "telegram", label: "Telegram" },
          { value: "messenger", label: t("channels.messenger") },
        ]}
        onChange={({ currentTarget: { value } }) =>
          setKind(value === "messenger" ? "messenger" : "telegram")
        }
        data-autofocus
      />
      <TextInput
        label={t("channels.name")}
        placeholder={t("channels.namePlaceholder")}
        maxLength={120}
        value={fields.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      {kind === "messenger" ? (
        <MessengerField fields={fields} set={set} />
      ) : (
        <TelegramFields fields={fields} set={set} />
      )}
    </DialogForm>
  );
}

/** Only what was typed, and only what the kind knows. */
function sentOf(kind: Fields["kind"], typed: Typed): Omit<Fields, "language"> {
  const name = typed.name.trim();
  if (kind === "messenger") return { kind, name, url: typed.url.trim() };
  return {
    kind,
    name,
    ...(typed.botToken && { bot_token: typed.botToken.trim() }),
    ...(typed.chatId && { chat_id: typed.chatId.trim() }),
  };
}

interface FieldsProps {
  fields: Typed;
  set: (changed: Partial<Typed>) => void;
}

function MessengerField({ fields, set }: FieldsProps) {
  const { t } = useTranslation("notifications");
  return (
    <TextInput
      label={t("channels.url")}
      description={t("channels.urlHint")}
      placeholder="mmosts://chat.example.com/token"
      maxLength={1000}
      autoComplete="off"
      value={fields.url}
      onChange={(event) => set({ url: event.currentTarget.value })}
    />
  );
}

function TelegramFields({ fields, set }: FieldsProps) {
  const { t } = useTranslation(["notifications", "common"]);
  return (
    <>
      <TextInput
        label={t("channels.chatId")}
        description={t("channels.chatIdHint")}
        placeholder="-1001234567890"
        maxLength={64}
        value={fields.chatId}
        onChange={(event) => set({ chatId: event.currentTarget.value })}
      />
      <PasswordInput
        label={t("channels.botToken")}
        description={t("channels.botTokenHint")}
        autoComplete="off"
        visibilityToggleButtonProps={{ "aria-label": t("common:auth.showPassword"), tabIndex: 0 }}
        maxLength={200}
        value={fields.botToken}
        onChange={(event) => set({ botToken: event.currentTarget.value })}
      />
    </>
  );
}
