import { Button } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { ProblemNotice } from "@/components/problem-notice";
import classes from "./auth-form.module.css";

interface AuthFormProps {
  submitLabel: string;
  onSubmit: () => void;
  action: { isPending: boolean; error: unknown };
  disabled?: boolean;
  submitTestId?: string;
  children: ReactNode;
}

/** The frame of every form before the panel: fields, what went wrong, one wide button. */
export function AuthForm(props: AuthFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onSubmit();
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {props.children}
      <ProblemNotice error={props.action.error} />
      <Button
        type="submit"
        variant="filled"
        fullWidth
        className={classes.submit}
        loading={props.action.isPending}
        disabled={props.disabled}
        data-testid={props.submitTestId}
      >
        {props.submitLabel}
      </Button>
    </form>
  );
}
