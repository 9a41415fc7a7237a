import type { ArContent, Tagged } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { useToast } from "@/components/use-toast";
import { useArchiveContent } from "../api/archive-content";
import { useDeleteContent } from "../api/delete-content";
import { useUpdateContent } from "../api/update-content";
import { MoveDialog } from "./bulk-dialogs";
import type { ProjectField } from "./duplicate-form";

interface QuestionProps {
  content: Tagged<ArContent>;
  opened: boolean;
  onClose: () => void;
}

export function DeleteDialog(props: QuestionProps & { onDeleted: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const { content, opened, onClose, onDeleted } = props;
  const remove = useDeleteContent(content, () => {
    toast(t("content.deleted", { title: content.title }));
    onDeleted();
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      onConfirm={() => remove.mutate()}
      title={t("content.deleteTitle", { title: content.title })}
      words={t(content.status === "published" ? "content.deleteLive" : "content.deleteDraft")}
      confirmLabel={t("content.delete")}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}

export function ArchiveDialog({ content, opened, onClose }: QuestionProps) {
  const { t } = useTranslation("contents");
  const archive = useArchiveContent(content, onClose);
  const live = content.status === "published";
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      onConfirm={() => archive.mutate()}
      title={t("archiveOne.title", { title: content.title })}
      words={t(live ? "archiveOne.live" : "archiveOne.draft")}
      confirmLabel={t("archiveOne.do")}
      pending={archive.isPending}
      error={archive.error}
    />
  );
}

/** Into another project; the code stays the same. */
export function MoveOneDialog(props: QuestionProps & { projectField: ProjectField }) {
  const { t } = useTranslation("contents");
  const { content, opened, onClose, projectField } = props;
  const update = useUpdateContent(content, onClose);
  return (
    <MoveDialog
      opened={opened}
      title={t("moveOne.title", { title: content.title })}
      picker={projectField}
      onMove={(projectId) => update.mutate({ project_id: projectId })}
      onClose={onClose}
      pending={update.isPending}
      error={update.error}
    />
  );
}
