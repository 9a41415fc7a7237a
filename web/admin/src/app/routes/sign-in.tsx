import type { Me } from "@arv/api-client";
import { useRouter, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SignInForm } from "@/features/auth/components/sign-in-form";
import { asLanguage, changeLanguage, chosenLanguage } from "../i18n";
import { Door } from "../screens/door";

/** Sign in, and go back to where the session had ended. */
export function SignInRoute() {
  const { t } = useTranslation();
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });
  const signedIn = async ({ user }: Me) => {
    const language = asLanguage(user.language);
    if (language && !chosenLanguage()) await changeLanguage(language);
    router.history.push(next ?? "/");
  };
  return (
    <Door title={t("auth.welcome")} lead={t("auth.lead")}>
      <SignInForm onSignedIn={signedIn} />
    </Door>
  );
}
