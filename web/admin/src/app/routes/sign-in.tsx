import type { Me } from "@arv/api-client";
import { Button } from "@mantine/core";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Notice } from "@/components/problem-notice";
import { CompanyDoor } from "@/features/auth/components/company-door";
import { SecondFactorForm } from "@/features/auth/components/second-factor-form";
import { SignInForm } from "@/features/auth/components/sign-in-form";
import { codeMessage } from "@/lib/problem-message";
import { asLanguage, changeLanguage, chosenLanguage } from "../i18n";
import { Door } from "../screens/door";

type Step = "password" | "code" | "company";

/** Sign in, in one step or two, here or at the company's, and go back to where the session had ended. */
export function SignInRoute() {
  const { t } = useTranslation();
  const router = useRouter();
  const { next, company, error, second_factor } = useSearch({ from: "/sign-in" });
  const [step, setStep] = useState<Step>(second_factor ? "code" : company ? "company" : "password");
  const signedIn = async ({ user }: Me) => {
    const language = asLanguage(user.language);
    if (language && !chosenLanguage()) await changeLanguage(language);
    router.history.push(next ?? "/");
  };
  const back = (
    <Button variant="text" onClick={() => setStep("password")}>
      {t("auth.backToSignIn")}
    </Button>
  );
  if (step === "code") {
    return (
      <Door title={t("auth.code.title")} lead="">
        <SecondFactorForm onSignedIn={signedIn} />
        {back}
      </Door>
    );
  }
  if (step === "company") {
    return (
      <Door title={t("auth.company.title")} lead={t("auth.company.lead")}>
        {error && <CompanyProblem code={error} />}
        <CompanyDoor company={company} next={next} />
        {back}
      </Door>
    );
  }
  return (
    <PasswordStep
      onSignedIn={signedIn}
      onCode={() => setStep("code")}
      onCompany={() => setStep("company")}
    />
  );
}

interface PasswordStepProps {
  onSignedIn: (me: Me) => void;
  onCode: () => void;
  onCompany: () => void;
}

function PasswordStep({ onSignedIn, onCode, onCompany }: PasswordStepProps) {
  const { t } = useTranslation();
  return (
    <Door title={t("auth.welcome")} lead={t("auth.lead")}>
      <SignInForm onSignedIn={onSignedIn} onCodeWanted={onCode} />
      <Button variant="text" renderRoot={(props) => <Link to="/forgot-password" {...props} />}>
        {t("auth.forgot")}
      </Button>
      <Button variant="text" onClick={onCompany}>
        {t("auth.company.open")}
      </Button>
    </Door>
  );
}

/** Why the company's provider has sent the person back here. */
function CompanyProblem({ code }: { code: string }) {
  const { t } = useTranslation();
  if (code === "not_found")
    return <Notice title={t("auth.company.none")} advice={t("auth.company.noneAdvice")} />;
  const unknown = { title: t("auth.company.failed"), advice: t("auth.company.failedAdvice") };
  return <Notice {...(codeMessage(code, t) ?? unknown)} />;
}
