import type { Me } from "@arv/api-client";
import { PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSignIn } from "../api/sign-in";
import { AuthForm } from "./auth-form";

interface SignInFormProps {
  onSignedIn: (me: Me) => void;
  onCodeWanted: () => void;
}

export function SignInForm({ onSignedIn, onCodeWanted }: SignInFormProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn(onSignedIn, onCodeWanted);
  return (
    <AuthForm
      submitLabel={t("auth.signIn")}
      onSubmit={() => signIn.mutate({ email: email.trim(), password })}
      action={signIn}
      submitTestId="sign-in-submit"
    >
      <TextInput
        type="email"
        label={t("auth.email")}
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        required
        withAsterisk={false}
        data-testid="sign-in-email"
      />
      <PasswordInput
        label={t("auth.password")}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": t("auth.showPassword"), tabIndex: 0 }}
        required
        withAsterisk={false}
        data-testid="sign-in-password"
      />
    </AuthForm>
  );
}
