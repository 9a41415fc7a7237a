import type { ArContent } from "@arv/api-client";
import { TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { ItemMenu } from "@/components/item-menu";
import { useDeleteContent } from "../api/delete-content";
import { useUpdateContent } from "../api/update-content";

/** Rename and delete. */
export function ContentMenu({ content, onDeleted }: { content: ArContent; onDeleted: () => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"rename" | "delete" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <ItemMenu
        label={t("common.more")}
        actions={[
          { label: t("content.rename"), icon: IconPencil, onClick: () => setOpen("rename") },
          {
            label: t("content.delete"),
            icon: IconTrash,
            onClick: () => setOpen("delete"),
            danger: true,
          },
        ]}
      />
      <Dialog opened={open === "rename"} onClose={close} title={t("content.renameTitle")}>
        <RenameForm content={content} onDone={close} />
      </Dialog>
      <DeleteDialog
        content={content}
        opened={open === "delete"}
        onClose={close}
        onDeleted={onDeleted}
      />
    </>
  );
}

function RenameForm({ content, onDone }: { content: ArContent; onDone: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(content.title);
  const update = useUpdateContent(content, onDone);
  return (
    <DialogForm
      submitLabel={t("common.save")}
      onSubmit={() => update.mutate({ title: title.trim() })}
      onCancel={onDone}
      pending={update.isPending}
      error={update.error}
      disabled={title.trim() === ""}
    >
      <TextInput
        label={t("content.title")}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={200}
        data-autofocus
      />
    </DialogForm>
  );
}

function DeleteDialog(props: {
  content: ArContent;
  opened: boolean;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { t } = useTranslation();
  const remove = useDeleteContent(props.content, () => {
    notifications.show({
      message: t("content.deleted", { title: props.content.title }),
      closeButtonProps: { "aria-label": t("common.close") },
    });
    props.onDeleted();
  });
  return (
    <ConfirmDialog
      opened={props.opened}
      onClose={props.onClose}
      onConfirm={() => remove.mutate()}
      title={t("content.deleteTitle", { title: props.content.title })}
      words={t(props.content.status === "published" ? "content.deleteLive" : "content.deleteDraft")}
      confirmLabel={t("content.delete")}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}
