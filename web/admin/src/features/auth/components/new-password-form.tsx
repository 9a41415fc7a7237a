import { PasswordInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useChangePassword } from "../api/change-password";
import { keptOneTimePassword } from "../one-time-password";
import { AuthForm } from "./auth-form";
import { MIN_PASSWORD_LENGTH, WantedPassword } from "./wanted-password";

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
  return (
    <AuthForm
      submitLabel={t("auth.savePassword")}
      onSubmit={() => change.mutate({ current_password: current, new_password: wanted })}
      action={change}
      disabled={current === "" || wanted.length < MIN_PASSWORD_LENGTH}
      submitTestId="new-password-submit"
    >
      {known === null && <CurrentPassword oneTime={oneTime} value={typed} onType={setTyped} />}
      <WantedPassword value={wanted} onType={setWanted} />
    </AuthForm>
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
      visibilityToggleButtonProps={{ "aria-label": t("auth.showPassword"), tabIndex: 0 }}
      data-testid="current-password"
    />
  );
}
