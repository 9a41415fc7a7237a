import type { StorageConnection } from "@arv/api-client";
import { Button } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconPencil,
  IconPlugConnected,
  IconRefresh,
  IconStethoscope,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { type ItemAction, ItemMenu } from "@/components/item-menu";
import { useToast } from "@/components/use-toast";
import { type Step, useChangeConnection, useDeleteConnection } from "../api/connections";
import { ConnectAgain } from "./connect-yandex";
import { EditConnection } from "./edit-connection";
import { TestConnection } from "./test-connection";

interface MenuProps {
  companyId: string;
  connection: StorageConnection;
}

type Opened = "test" | "edit" | "delete" | "again" | Step | null;

// What the last test says when the account's holder took the grant back, or never gave one.
const WITHDRAWN = ["access_denied", "not_connected"];

/** What can be done with a connection: the active one is not taken away, the installation's not changed. */
export function ConnectionMenu({ companyId, connection }: MenuProps) {
  const { t } = useTranslation(["storage", "keeping"]);
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const isWithdrawn = isOwnDisk(connection) && WITHDRAWN.includes(connection.last_test?.code ?? "");
  return (
    <>
      {isWithdrawn && (
        <Button onClick={() => setOpened("again")} data-testid="yandex-again">
          {t("keeping:yandex.again")}
        </Button>
      )}
      <ItemMenu
        label={t("menu", { name: connection.name })}
        actions={useActions(connection, setOpened)}
      />
      <Dialog opened={opened === "test"} onClose={close} title={connection.name}>
        <TestConnection companyId={companyId} connection={connection} onDone={close} />
      </Dialog>
      <Dialog opened={opened === "edit"} onClose={close} title={t("editTitle")}>
        <EditConnection companyId={companyId} connection={connection} onDone={close} />
      </Dialog>
      <Dialog opened={opened === "again"} onClose={close} title={t("keeping:yandex.again")}>
        <ConnectAgain companyId={companyId} connection={connection} onCancel={close} />
      </Dialog>
      <ChangeDialogs
        companyId={companyId}
        connection={connection}
        opened={opened}
        onClose={close}
      />
    </>
  );
}

/** Whether it is a Disk the company itself connected, whose holder can let ARV in again. */
function isOwnDisk(connection: StorageConnection): boolean {
  const { kind, is_shared, archived_at } = connection;
  return kind === "yandex_disk" && !is_shared && archived_at === null;
}

function useActions(connection: StorageConnection, open: (what: Opened) => void): ItemAction[] {
  const { t } = useTranslation(["storage", "keeping"]);
  const { is_default: isActive, is_shared: isShared } = connection;
  const isArchived = connection.archived_at !== null;
  const actions: (ItemAction | false)[] = [
    !isArchived && {
      label: t("actions.test"),
      icon: IconStethoscope,
      onClick: () => open("test"),
    },
    !isArchived &&
      !isActive && {
        label: t("actions.activate"),
        icon: IconPlugConnected,
        onClick: () => open("activate"),
      },
    isOwnDisk(connection) && {
      label: t("keeping:yandex.again"),
      icon: IconRefresh,
      onClick: () => open("again"),
    },
    !isShared && { label: t("actions.edit"), icon: IconPencil, onClick: () => open("edit") },
    !isShared &&
      !isActive &&
      (isArchived
        ? { label: t("actions.restore"), icon: IconArchiveOff, onClick: () => open("restore") }
        : { label: t("actions.archive"), icon: IconArchive, onClick: () => open("archive") }),
    !isShared &&
      !isActive && {
        label: t("actions.delete"),
        icon: IconTrash,
        onClick: () => open("delete"),
        danger: true,
      },
  ];
  return actions.filter((action) => action !== false);
}

interface DialogsProps extends MenuProps {
  opened: Opened;
  onClose: () => void;
}

/** Each change is asked about once, with what it means. */
function ChangeDialogs({ companyId, connection, opened, onClose }: DialogsProps) {
  const { t } = useTranslation("storage");
  const toast = useToast();
  const { id, name } = connection;
  const change = useChangeConnection(companyId, id, () => {
    onClose();
    toast(t("done"));
  });
  const remove = useDeleteConnection(companyId, id, onClose);
  const end = (action: { reset: () => void }) => () => {
    action.reset();
    onClose();
  };
  return (
    <>
      {(["activate", "archive", "restore"] as const).map((step) => (
        <ConfirmDialog
          key={step}
          opened={opened === step}
          onClose={end(change)}
          onConfirm={() => change.mutate(step)}
          title={t(`confirm.${step}.title`, { name })}
          words={t(`confirm.${step}.words`)}
          confirmLabel={t(`actions.${step}`)}
          pending={change.isPending}
          error={change.error}
        />
      ))}
      <ConfirmDialog
        opened={opened === "delete"}
        onClose={end(remove)}
        onConfirm={() => remove.mutate()}
        title={t("confirm.delete.title", { name })}
        words={t("confirm.delete.words")}
        confirmLabel={t("actions.delete")}
        pending={remove.isPending}
        error={remove.error}
      />
    </>
  );
}
