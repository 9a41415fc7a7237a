import type { Project } from "@arv/api-client";
import {
  IconArchive,
  IconArchiveOff,
  IconPencil,
  IconTableImport,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { ItemMenu } from "@/components/item-menu";
import { useToast } from "@/components/use-toast";
import { useArchiveProject } from "../api/archive-project";
import { useDeleteProject } from "../api/delete-project";
import { useRestoreProject } from "../api/restore-project";
import { EditProject } from "./edit-project";

interface ProjectMenuProps {
  project: Project;
  onDeleted?: () => void;
  /** Leads to making many prints in it at once. */
  onImport?: () => void;
}

/** Import, edit, archive or restore, and delete. */
export function ProjectMenu({ project, onDeleted, onImport }: ProjectMenuProps) {
  const { t } = useTranslation(["common", "contents"]);
  const [open, setOpen] = useState<"edit" | "archive" | "delete" | null>(null);
  const close = () => setOpen(null);
  const toast = useToast();
  const restore = useRestoreProject(project, () =>
    toast(t("contents:project.restored", { name: project.name })),
  );
  const archiving = project.archived_at
    ? {
        label: t("contents:project.restore"),
        icon: IconArchiveOff,
        onClick: () => restore.mutate(),
      }
    : {
        label: t("contents:project.archive"),
        icon: IconArchive,
        onClick: () => setOpen("archive"),
      };
  const importing = { label: t("contents:import.openHere"), icon: IconTableImport };
  const remove = { label: t("project.delete"), icon: IconTrash, danger: true };
  return (
    <>
      <ItemMenu
        label={t("project.menu", { name: project.name })}
        actions={[
          ...(onImport ? [{ ...importing, onClick: onImport }] : []),
          { label: t("project.edit"), icon: IconPencil, onClick: () => setOpen("edit") },
          archiving,
          { ...remove, onClick: () => setOpen("delete") },
        ]}
      />
      <Dialog opened={open === "edit"} onClose={close} title={t("project.edit")}>
        <EditProject project={project} onDone={close} />
      </Dialog>
      <ArchiveDialog project={project} opened={open === "archive"} onClose={close} />
      <DeleteDialog
        project={project}
        opened={open === "delete"}
        onClose={close}
        onDeleted={onDeleted}
      />
    </>
  );
}

interface QuestionProps extends ProjectMenuProps {
  opened: boolean;
  onClose: () => void;
}

function ArchiveDialog({ project, opened, onClose }: QuestionProps) {
  const { t } = useTranslation("contents");
  const toast = useToast();
  const archive = useArchiveProject(project, () => {
    toast(t("project.archivedNow", { name: project.name }));
    onClose();
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      onConfirm={() => archive.mutate()}
      title={t("project.archiveTitle", { name: project.name })}
      words={t("project.archiveWords")}
      confirmLabel={t("project.archive")}
      pending={archive.isPending}
      error={archive.error}
    />
  );
}

function DeleteDialog({ project, opened, onClose, onDeleted }: QuestionProps) {
  const { t } = useTranslation();
  const toast = useToast();
  const remove = useDeleteProject(project, () => {
    toast(t("project.deleted", { name: project.name }));
    onClose();
    onDeleted?.();
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      onConfirm={() => remove.mutate()}
      title={t("project.deleteTitle", { name: project.name })}
      words={t("project.deleteWords")}
      confirmLabel={t("project.delete")}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}
