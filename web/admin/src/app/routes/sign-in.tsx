import type { Me } from "@arv/api-client";
import { Button } from "@mantine/core";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SecondFactorForm } from "@/features/auth/components/second-factor-form";
import { SignInForm } from "@/features/auth/components/sign-in-form";
import { asLanguage, changeLanguage, chosenLanguage } from "../i18n";
import { Door } from "../screens/door";

/** Sign in, in one step or two, and go back to where the session had ended. */
export function SignInRoute() {
  const { t } = useTranslation();
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const [codeWanted, setCodeWanted] = useState(false);
  const signedIn = async ({ user }: Me) => {
    const language = asLanguage(user.language);
    if (language && !chosenLanguage()) await changeLanguage(language);
    router.history.push(next ?? "/");
  };
  if (codeWanted) {
    return (
      <Door title={t("auth.code.title")} lead="">
        <SecondFactorForm onSignedIn={signedIn} />
        <Button variant="text" onClick={() => setCodeWanted(false)}>
          {t("auth.backToSignIn")}
        </Button>
      </Door>
    );
  }
  return (
    <Door title={t("auth.welcome")} lead={t("auth.lead")}>
      <SignInForm onSignedIn={signedIn} onCodeWanted={() => setCodeWanted(true)} />
      <Button variant="text" renderRoot={(props) => <Link to="/forgot-password" {...props} />}>
        {t("auth.forgot")}
      </Button>
    </Door>
  );
}
