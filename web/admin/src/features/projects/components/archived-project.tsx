import type { Project } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Notice, ProblemNotice } from "@/components/problem-notice";
import { useRestoreProject } from "../api/restore-project";
import classes from "./archived-project.module.css";

interface ArchivedProjectProps {
  project: Project;
  canEdit: boolean;
}

/** Says that a project is in the archive, with the way out of it. */
export function ArchivedProject({ project, canEdit }: ArchivedProjectProps) {
  const { t } = useTranslation("contents");
  const restore = useRestoreProject(project, () => {});
  if (!project.archived_at) return null;
  return (
    <div className={classes.notice}>
      <Notice tone="amber" title={t("project.inArchive")} advice={t("project.inArchiveWords")}>
        {canEdit && (
          <Button
            size="sm"
            variant="ink"
            loading={restore.isPending}
            onClick={() => restore.mutate()}
          >
            {t("project.restore")}
          </Button>
        )}
      </Notice>
      <ProblemNotice error={restore.error} />
    </div>
  );
}
