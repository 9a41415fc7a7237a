import type { ArContent } from "@arv/api-client";
import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import { useDuplicateContent } from "../api/duplicate-content";

/** A field to choose a project in; it comes from the feature that knows projects. */
export type ProjectField = (
  value: string | null,
  onChange: (projectId: string | null) => void,
) => ReactNode;

interface DuplicateFormProps {
  content: ArContent;
  projectField: ProjectField;
  onCopied: (copy: ArContent) => void;
  onCancel: () => void;
}

const LONGEST_TITLE = 200;

/** How the copy is called, and where it goes. */
export function DuplicateForm({ content, projectField, ...form }: DuplicateFormProps) {
  const { t } = useTranslation(["contents", "common"]);
  const [title, setTitle] = useState(() =>
    t("duplicate.copyOf", { title: content.title }).slice(0, LONGEST_TITLE),
  );
  const [projectId, setProjectId] = useState<string | null>(content.project_id);
  const duplicate = useDuplicateContent(content, form.onCopied);
  const submit = () =>
    projectId && duplicate.mutate({ title: title.trim(), project_id: projectId });
  return (
    <DialogForm
      submitLabel={t("duplicate.do")}
      onSubmit={submit}
      onCancel={form.onCancel}
      pending={duplicate.isPending}
      error={duplicate.error}
      disabled={title.trim() === "" || projectId === null}
    >
      <TextInput
        label={t("common:content.title")}
        description={t("duplicate.words")}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={LONGEST_TITLE}
        data-autofocus
      />
      {projectField(projectId, setProjectId)}
    </DialogForm>
  );
}
