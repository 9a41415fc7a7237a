import type { Me } from "@arv/api-client";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAnswerSecondFactor } from "../api/answer-second-factor";
import { AuthForm } from "./auth-form";

/** A code from the app, or a recovery code for whoever has lost the phone. */
export function SecondFactorForm({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<"app" | "recovery">("app");
  const [code, setCode] = useState("");
  const check = useAnswerSecondFactor(onSignedIn);
  const other = kind === "app" ? "recovery" : "app";
  const change = () => {
    setKind(other);
    setCode("");
    check.reset();
  };
  const typed = kind === "app" ? code.replace(/\s/g, "") : code.trim();
  return (
    <>
      <AuthForm
        submitLabel={t("auth.code.go")}
        onSubmit={() => check.mutate(typed)}
        action={check}
        disabled={typed.length < 6}
        submitTestId="second-factor-submit"
      >
        <TextInput
          key={kind}
          label={t(kind === "app" ? "auth.code.label" : "auth.code.recoveryLabel")}
          description={t(kind === "app" ? "auth.code.lead" : "auth.code.recoveryLead")}
          inputMode={kind === "app" ? "numeric" : "text"}
          autoComplete="one-time-code"
          maxLength={40}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          autoFocus
          data-testid="second-factor-code"
        />
      </AuthForm>
      <Button variant="text" onClick={change}>
        {t(kind === "app" ? "auth.code.useRecovery" : "auth.code.useApp")}
      </Button>
    </>
  );
}
