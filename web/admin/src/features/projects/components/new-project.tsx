import type { Project } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { useCreateProject } from "../api/create-project";
import { ProjectForm } from "./project-form";

const EMPTY = { name: "", description: "", starts_on: null, ends_on: null };

/** The button that makes a project, and its dialog. */
export function NewProject({
  companyId,
  onCreated,
}: {
  companyId: string;
  onCreated: (p: Project) => void;
}) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const create = useCreateProject(companyId, onCreated);
  const close = () => setOpened(false);
  return (
    <>
      <Button
        variant="filled"
        leftSection={<IconPlus size={18} stroke={2.2} aria-hidden />}
        onClick={() => setOpened(true)}
        data-testid="project-new"
      >
        {t("project.new")}
      </Button>
      <Dialog opened={opened} onClose={close} title={t("project.new")}>
        <ProjectForm
          initial={EMPTY}
          submitLabel={t("project.create")}
          onSubmit={create.mutate}
          onCancel={close}
          pending={create.isPending}
          error={create.error}
        />
      </Dialog>
    </>
  );
}
