import type { Project } from "@arv/api-client";
import { notifications } from "@mantine/notifications";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { ItemMenu } from "@/components/item-menu";
import { useDeleteProject } from "../api/delete-project";
import { useUpdateProject } from "../api/update-project";
import { ProjectForm } from "./project-form";

/** Edit and delete. */
export function ProjectMenu({ project, onDeleted }: { project: Project; onDeleted?: () => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <ItemMenu
        label={t("project.menu", { name: project.name })}
        actions={[
          { label: t("project.edit"), icon: IconPencil, onClick: () => setOpen("edit") },
          {
            label: t("project.delete"),
            icon: IconTrash,
            onClick: () => setOpen("delete"),
            danger: true,
          },
        ]}
      />
      <Dialog opened={open === "edit"} onClose={close} title={t("project.edit")}>
        <EditForm project={project} onDone={close} />
      </Dialog>
      <DeleteDialog
        project={project}
        opened={open === "delete"}
        onClose={close}
        onDeleted={onDeleted}
      />
    </>
  );
}

function EditForm({ project, onDone }: { project: Project; onDone: () => void }) {
  const { t } = useTranslation();
  const update = useUpdateProject(project, onDone);
  return (
    <ProjectForm
      initial={{ name: project.name, description: project.description }}
      submitLabel={t("common.save")}
      onSubmit={update.mutate}
      onCancel={onDone}
      pending={update.isPending}
      error={update.error}
    />
  );
}

function DeleteDialog(props: {
  project: Project;
  opened: boolean;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const { t } = useTranslation();
  const remove = useDeleteProject(props.project, () => {
    notifications.show({
      message: t("project.deleted", { name: props.project.name }),
      closeButtonProps: { "aria-label": t("common.close") },
    });
    props.onClose();
    props.onDeleted?.();
  });
  return (
    <ConfirmDialog
      opened={props.opened}
      onClose={props.onClose}
      onConfirm={() => remove.mutate()}
      title={t("project.deleteTitle", { name: props.project.name })}
      words={t("project.deleteWords")}
      confirmLabel={t("project.delete")}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}
