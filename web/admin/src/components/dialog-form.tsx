import { Button } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ChangedMeanwhile, type Conflict, isConflict } from "./changed-meanwhile";
import classes from "./dialog-form.module.css";
import { ProblemNotice } from "./problem-notice";

interface DialogFormProps {
  submitLabel: string;
  onSubmit: () => void;
  onCancel: () => void;
  pending: boolean;
  error: unknown;
  /** The way on when somebody else saved the same thing first. */
  conflict?: Conflict;
  disabled?: boolean;
  danger?: boolean;
  submitTestId?: string;
  children: ReactNode;
}

/** The inside of every dialog that asks for something: fields, failure, cancel and go. */
export function DialogForm(props: DialogFormProps) {
  const { t } = useTranslation();
  const conflict = isConflict(props.error) ? props.conflict : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit();
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {props.children}
      {conflict ? <ChangedMeanwhile {...conflict} /> : <ProblemNotice error={props.error} />}
      <div className={classes.actions}>
        <Button onClick={props.onCancel}>{t("common.cancel")}</Button>
        <Button
          type="submit"
          variant={props.danger ? "danger" : "filled"}
          loading={props.pending}
          disabled={props.disabled || conflict !== undefined}
          data-testid={props.submitTestId}
        >
          {props.submitLabel}
        </Button>
      </div>
    </form>
  );
}
