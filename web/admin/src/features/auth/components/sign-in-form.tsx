import type { Me } from "@arv/api-client";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useSignIn } from "../api/sign-in";
import classes from "./auth-form.module.css";

export function SignInForm({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn(onSignedIn);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
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
        visibilityToggleButtonProps={{ "aria-label": t("auth.showPassword") }}
        required
        withAsterisk={false}
        data-testid="sign-in-password"
      />
      <ProblemNotice error={signIn.error} />
      <Button
        type="submit"
        variant="filled"
        fullWidth
        className={classes.submit}
        loading={signIn.isPending}
        data-testid="sign-in-submit"
      >
        {t("auth.signIn")}
      </Button>
    </form>
  );
}
