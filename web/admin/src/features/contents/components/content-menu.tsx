import type { ArContent, Tagged } from "@arv/api-client";
import {
  IconArchive,
  IconArchiveOff,
  IconCopy,
  IconFolderSymlink,
  IconPencil,
  IconPhotoEdit,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { type ItemAction, ItemMenu } from "@/components/item-menu";
import { useToast } from "@/components/use-toast";
import { useRestoreContent } from "../api/restore-content";
import { ArchiveDialog, DeleteDialog, MoveOneDialog } from "./content-questions";
import { DuplicateForm, type ProjectField } from "./duplicate-form";
import { RenameForm } from "./rename-form";

type Question = "rename" | "duplicate" | "move" | "archive" | "delete";

interface ContentMenuProps {
  content: Tagged<ArContent>;
  projectField: ProjectField;
  onReplaceImage: () => void;
  onCopied: (copy: ArContent) => void;
  onDeleted: () => void;
}

/** Everything that can be done with a content as a whole. */
export function ContentMenu({ content, projectField, ...on }: ContentMenuProps) {
  const { t } = useTranslation(["common", "contents"]);
  const [open, setOpen] = useState<Question | null>(null);
  const close = () => setOpen(null);
  const asks = (question: Question) => ({
    opened: open === question,
    onClose: close,
    content,
  });
  return (
    <>
      <ItemMenu
        label={t("common.more")}
        actions={useActions(content, setOpen, on.onReplaceImage)}
      />
      <Dialog opened={open === "rename"} onClose={close} title={t("content.renameTitle")}>
        <RenameForm content={content} onDone={close} />
      </Dialog>
      <Dialog opened={open === "duplicate"} onClose={close} title={t("contents:duplicate.title")}>
        <DuplicateForm
          content={content}
          projectField={projectField}
          onCancel={close}
          onCopied={(copy) => {
            close();
            on.onCopied(copy);
          }}
        />
      </Dialog>
      <MoveOneDialog {...asks("move")} projectField={projectField} />
      <ArchiveDialog {...asks("archive")} />
      <DeleteDialog {...asks("delete")} onDeleted={on.onDeleted} />
    </>
  );
}

/** What may be done now: what is archived comes back first. */
function useActions(
  content: ArContent,
  ask: (question: Question) => void,
  onReplaceImage: () => void,
): ItemAction[] {
  const { t } = useTranslation(["common", "contents"]);
  const toast = useToast();
  const restore = useRestoreContent(content, () =>
    toast(t("contents:restored", { title: content.title })),
  );
  const duplicate = {
    label: t("contents:duplicate.do"),
    icon: IconCopy,
    onClick: () => ask("duplicate"),
  };
  const remove = {
    label: t("content.delete"),
    icon: IconTrash,
    onClick: () => ask("delete"),
    danger: true,
  };
  if (content.archived_at) {
    const back = { label: t("contents:bulk.restore.do"), icon: IconArchiveOff };
    return [{ ...back, onClick: () => restore.mutate() }, duplicate, remove];
  }
  return [
    { label: t("content.rename"), icon: IconPencil, onClick: () => ask("rename") },
    { label: t("contents:replaceImage.do"), icon: IconPhotoEdit, onClick: onReplaceImage },
    duplicate,
    { label: t("contents:moveOne.do"), icon: IconFolderSymlink, onClick: () => ask("move") },
    { label: t("contents:archiveOne.do"), icon: IconArchive, onClick: () => ask("archive") },
    remove,
  ];
}
