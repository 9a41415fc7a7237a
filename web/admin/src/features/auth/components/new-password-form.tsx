import { Button, PasswordInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useChangePassword } from "../api/change-password";
import classes from "./auth-form.module.css";

/** The server's own minimum; long beats complicated. */
const MIN_LENGTH = 10;

/** Asks for the password in use and the one wanted; `oneTime` names the first as what it is. */
export function NewPasswordForm({
  oneTime,
  onChanged,
}: {
  oneTime: boolean;
  onChanged: () => void;
}) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const change = useChangePassword(onChanged);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ current_password: current, new_password: wanted });
  };
  const toggle = { "aria-label": t("auth.showPassword") };
  const tooShort = wanted.length > 0 && wanted.length < MIN_LENGTH;
  return (
    <form className={classes.form} onSubmit={submit}>
      <PasswordInput
        label={t(oneTime ? "auth.oneTimePassword" : "auth.currentPassword")}
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
        visibilityToggleButtonProps={toggle}
        data-testid="current-password"
      />
      <PasswordInput
        label={t("auth.newPassword")}
        description={t("auth.newPasswordHint", { count: MIN_LENGTH })}
        autoComplete="new-password"
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        visibilityToggleButtonProps={toggle}
        error={tooShort && t("auth.tooShort", { count: MIN_LENGTH - wanted.length })}
        data-testid="new-password"
      />
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
