import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRequestReset, useResetPassword } from "../api/reset-password";
import { AuthForm } from "./auth-form";
import { MIN_PASSWORD_LENGTH, WantedPassword } from "./wanted-password";

/** Asks for the address a link is mailed to, and then says the same to everybody. */
export function RequestResetForm() {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const request = useRequestReset();
  if (request.isSuccess) {
    return <p role="status">{t("auth.reset.sent", { email: request.variables })}</p>;
  }
  return (
    <AuthForm
      submitLabel={t("auth.reset.send")}
      onSubmit={() => request.mutate(email.trim())}
      action={request}
    >
      <TextInput
        type="email"
        label={t("auth.email")}
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        required
        withAsterisk={false}
      />
    </AuthForm>
  );
}

/** Sets the password with the token of the link. */
export function ResetPasswordForm({ token, onReset }: { token: string; onReset: () => void }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState("");
  const reset = useResetPassword(onReset);
  return (
    <AuthForm
      submitLabel={t("auth.reset.save")}
      onSubmit={() => reset.mutate({ token, new_password: wanted })}
      action={reset}
      disabled={wanted.length < MIN_PASSWORD_LENGTH}
    >
      <WantedPassword value={wanted} onType={setWanted} />
    </AuthForm>
  );
}
