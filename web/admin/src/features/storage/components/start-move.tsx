import type { StorageConnection } from "@arv/api-client";
import { Button, Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { useStartMove } from "../api/moves";

interface StartProps {
  companyId: string;
  connections: StorageConnection[];
}

/** The button that begins a move, and the choice of where to. */
export function StartMove({ companyId, connections }: StartProps) {
  const { t } = useTranslation("keeping");
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  const active = connections.find((connection) => connection.is_default);
  const others = connections.filter(
    ({ id, kind, archived_at }) =>
      id !== active?.id && archived_at === null && !(kind === "local" && active?.kind === "local"),
  );
  return (
    <>
      <Button onClick={() => setOpened(true)}>{t("moving.start")}</Button>
      <Dialog opened={opened} onClose={close} title={t("moving.start")}>
        {others.length === 0 ? (
          <p>{t("moving.none")}</p>
        ) : (
          <StartForm companyId={companyId} connections={others} onDone={close} />
        )}
      </Dialog>
    </>
  );
}

function StartForm({ companyId, connections, onDone }: StartProps & { onDone: () => void }) {
  const { t } = useTranslation("keeping");
  const [to, setTo] = useState(connections[0]?.id ?? null);
  const start = useStartMove(companyId, onDone);
  return (
    <DialogForm
      submitLabel={t("moving.start")}
      onSubmit={() => to && start.mutate(to)}
      onCancel={onDone}
      pending={start.isPending}
      error={start.error}
      disabled={to === null}
    >
      <p>{t("moving.words")}</p>
      <Select
        label={t("moving.to")}
        data={connections.map(({ id, name }) => ({ value: id, label: name }))}
        value={to}
        onChange={setTo}
        allowDeselect={false}
      />
    </DialogForm>
  );
}
