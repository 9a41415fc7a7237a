import type { Project } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { AddButton } from "@/components/add-button";
import { useCreateProject } from "../api/create-project";
import { ProjectForm } from "./project-form";

const EMPTY = { name: "", description: "", starts_on: null, ends_on: null, expires_at: null };

/** The button that makes a project, and its dialog. */
export function NewProject({
  companyId,
  onCreated,
}: {
  companyId: string;
  onCreated: (p: Project) => void;
}) {
  const { t } = useTranslation();
  const create = useCreateProject(companyId, onCreated);
  return (
    <AddButton label={t("project.new")} testId="project-new">
      {(close) => (
        <ProjectForm
          initial={EMPTY}
          submitLabel={t("project.create")}
          onSubmit={create.mutate}
          onCancel={close}
          pending={create.isPending}
          error={create.error}
        />
      )}
    </AddButton>
  );
}
