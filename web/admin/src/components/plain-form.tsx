import { Button } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./plain-form.module.css";
import { ProblemNotice } from "./problem-notice";

interface PlainFormProps {
  onSubmit: () => void;
  action: { isPending: boolean; error: unknown };
  disabled?: boolean;
  submitLabel?: string;
  children: ReactNode;
}

/** A form that lies open on its page: fields, what went wrong, and the button that saves. */
export function PlainForm({ onSubmit, action, disabled, submitLabel, children }: PlainFormProps) {
  const { t } = useTranslation();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {children}
      <ProblemNotice error={action.error} />
      <Button type="submit" variant="filled" loading={action.isPending} disabled={disabled}>
        {submitLabel ?? t("common.save")}
      </Button>
    </form>
  );
}
