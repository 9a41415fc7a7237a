import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useChangePassword } from "../api/change-password";
import { keptOneTimePassword } from "../one-time-password";
import classes from "./auth-form.module.css";

/** The server's own minimum; long beats complicated. */
const MIN_LENGTH = 10;

interface NewPasswordFormProps {
  /** The password in use is the one-time one. */
  oneTime: boolean;
  onChanged: () => void;
}

/** Asks for the password wanted, and for the one in use unless it has just been typed. */
export function NewPasswordForm({ oneTime, onChanged }: NewPasswordFormProps) {
  const { t } = useTranslation();
  const [known] = useState(() => (oneTime ? keptOneTimePassword() : null));
  const [typed, setTyped] = useState("");
  const [wanted, setWanted] = useState("");
  const change = useChangePassword(onChanged);
  const current = known ?? typed;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ current_password: current, new_password: wanted });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {known === null && <CurrentPassword oneTime={oneTime} value={typed} onType={setTyped} />}
      <WantedPassword value={wanted} onType={setWanted} />
      <ProblemNotice error={change.error} />
      <Button
        type="submit"
        variant="filled"
        fullWidth
        className={classes.submit}
        loading={change.isPending}
        disabled={current === "" || wanted.length < MIN_LENGTH}
        data-testid="new-password-submit"
      >
        {t("auth.savePassword")}
      </Button>
    </form>
  );
}

interface FieldProps {
  value: string;
  onType: (value: string) => void;
}

function CurrentPassword({ oneTime, value, onType }: FieldProps & { oneTime: boolean }) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      label={t(oneTime ? "auth.oneTimePassword" : "auth.currentPassword")}
      autoComplete="current-password"
      value={value}
      onChange={(event) => onType(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": t("auth.showPassword") }}
      data-testid="current-password"
    />
  );
}

function WantedPassword({ value, onType }: FieldProps) {
  const { t } = useTranslation();
  const missing = MIN_LENGTH - value.length;
  return (
    <PasswordInput
      label={t("auth.newPassword")}
      description={t("auth.newPasswordHint", { count: MIN_LENGTH })}
      autoComplete="new-password"
      value={value}
      onChange={(event) => onType(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": t("auth.showPassword") }}
      error={value !== "" && missing > 0 && t("auth.tooShort", { count: missing })}
      data-testid="new-password"
    />
  );
}
