import type { StorageConnection } from "@arv/api-client";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { useConnectYandex } from "../api/yandex";

/** The button that connects a Yandex Disk, and what it means before the browser leaves. */
export function ConnectYandex({ companyId }: { companyId: string }) {
  const { t } = useTranslation("keeping");
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  return (
    <>
      <Button onClick={() => setOpened(true)}>{t("yandex.connect")}</Button>
      <Dialog opened={opened} onClose={close} title={t("yandex.connect")}>
        <ConnectForm companyId={companyId} onCancel={close} />
      </Dialog>
    </>
  );
}

function ConnectForm({ companyId, onCancel }: { companyId: string; onCancel: () => void }) {
  const { t } = useTranslation("keeping");
  const [name, setName] = useState(t("yandex.kind"));
  const connect = useConnectYandex(companyId);
  return (
    <DialogForm
      submitLabel={t("yandex.go")}
      onSubmit={() => connect.mutate(name.trim())}
      onCancel={onCancel}
      pending={connect.isPending}
      error={connect.error}
      disabled={name.trim() === ""}
    >
      <p>{t("yandex.words")}</p>
      <TextInput
        label={t("yandex.name")}
        value={name}
        maxLength={120}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </DialogForm>
  );
}

interface AgainProps {
  companyId: string;
  connection: StorageConnection;
  onCancel: () => void;
}

/** What it means to let the account in again, before the browser leaves. */
export function ConnectAgain({ companyId, connection, onCancel }: AgainProps) {
  const { t } = useTranslation("keeping");
  const connect = useConnectYandex(companyId, connection.id);
  return (
    <DialogForm
      submitLabel={t("yandex.go")}
      onSubmit={() => connect.mutate(connection.name)}
      onCancel={onCancel}
      pending={connect.isPending}
      error={connect.error}
      submitTestId="yandex-again-go"
    >
      <p>{t("yandex.againWords")}</p>
    </DialogForm>
  );
}
