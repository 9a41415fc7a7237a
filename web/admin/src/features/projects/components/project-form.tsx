import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import type { ProjectFields } from "../api/create-project";

interface ProjectFormProps {
  initial: ProjectFields;
  submitLabel: string;
  onSubmit: (fields: ProjectFields) => void;
  onCancel: () => void;
  pending: boolean;
  error: unknown;
}

/** Name and description, for a new project and for one that exists. */
export function ProjectForm({ initial, onSubmit, ...form }: ProjectFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(initial.name);
  const [description, setDescription] = useState(initial.description);
  return (
    <DialogForm
      {...form}
      onSubmit={() => onSubmit({ name: name.trim(), description: description.trim() })}
      disabled={name.trim() === ""}
      submitTestId="project-create"
    >
      <TextInput
        label={t("project.name")}
        placeholder={t("project.namePlaceholder")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={120}
        required
        withAsterisk={false}
        data-autofocus
        data-testid="project-name"
      />
      <Textarea
        label={t("project.description")}
        description={t("project.descriptionHint")}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        maxLength={2000}
        rows={3}
      />
    </DialogForm>
  );
}
