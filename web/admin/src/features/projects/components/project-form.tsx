import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conflict } from "@/components/changed-meanwhile";
import { DialogForm } from "@/components/dialog-form";
import { endOfDay, lastDayBefore } from "@/lib/last-day";
import type { ProjectFields } from "../api/create-project";
import { isSpan } from "../project-dates";
import classes from "./project-form.module.css";

interface ProjectFormProps {
  initial: ProjectFields;
  submitLabel: string;
  onSubmit: (fields: ProjectFields) => void;
  onCancel: () => void;
  pending: boolean;
  error: unknown;
  conflict?: Conflict;
}

/** Name, description and dates, for a new project and for one that exists. */
export function ProjectForm({ initial, onSubmit, ...form }: ProjectFormProps) {
  const { t } = useTranslation();
  const [fields, setFields] = useState(initial);
  const change = (part: Partial<ProjectFields>) => setFields((before) => ({ ...before, ...part }));
  const { name, description } = fields;
  return (
    <DialogForm
      {...form}
      onSubmit={() => onSubmit({ ...fields, name: name.trim(), description: description.trim() })}
      disabled={name.trim() === "" || !isSpan(fields)}
      submitTestId="project-create"
    >
      <TextInput
        label={t("project.name")}
        placeholder={t("project.namePlaceholder")}
        value={name}
        onChange={(event) => change({ name: event.currentTarget.value })}
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
        onChange={(event) => change({ description: event.currentTarget.value })}
        maxLength={2000}
        rows={3}
      />
      <DateFields fields={fields} onChange={change} />
      <EndField value={fields.expires_at} onChange={(expires_at) => change({ expires_at })} />
    </DialogForm>
  );
}

/** The last day on which the codes of everything in the project open. */
function EndField(props: { value: string | null; onChange: (moment: string | null) => void }) {
  const { t } = useTranslation("contents");
  const { value, onChange } = props;
  return (
    <TextInput
      type="date"
      label={t("end.projectField")}
      description={t("end.projectHint")}
      value={value ? lastDayBefore(value) : ""}
      max="2200-12-31"
      onChange={(event) =>
        onChange(event.currentTarget.value ? endOfDay(event.currentTarget.value) : null)
      }
    />
  );
}

/** When the project is; both may stay empty. */
function DateFields(props: {
  fields: ProjectFields;
  onChange: (dates: Partial<ProjectFields>) => void;
}) {
  const { t } = useTranslation("contents");
  const { fields, onChange } = props;
  return (
    <div className={classes.dates}>
      <TextInput
        type="date"
        label={t("project.startsOn")}
        value={fields.starts_on ?? ""}
        onChange={(event) => onChange({ starts_on: event.currentTarget.value || null })}
      />
      <TextInput
        type="date"
        label={t("project.endsOn")}
        value={fields.ends_on ?? ""}
        min={fields.starts_on ?? undefined}
        error={isSpan(fields) ? undefined : t("project.endsBeforeStart")}
        onChange={(event) => onChange({ ends_on: event.currentTarget.value || null })}
      />
    </div>
  );
}
