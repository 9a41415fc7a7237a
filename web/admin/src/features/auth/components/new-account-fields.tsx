import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AuthForm } from "./auth-form";
import { MIN_PASSWORD_LENGTH, WantedPassword } from "./wanted-password";

interface NewAccountFieldsProps {
  email: string;
  action: { isPending: boolean; error: unknown };
  onSubmit: (name: string, password: string) => void;
}

/** A name and a password for somebody who has no account yet. */
export function NewAccountFields({ email, action, onSubmit }: NewAccountFieldsProps) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  return (
    <AuthForm
      submitLabel={t("invitation.join")}
      onSubmit={() => onSubmit(name.trim(), password)}
      action={action}
      disabled={name.trim() === "" || password.length < MIN_PASSWORD_LENGTH}
    >
      <TextInput
        type="email"
        label={t("auth.email")}
        autoComplete="username"
        value={email}
        readOnly
      />
      <TextInput
        label={t("invitation.name")}
        autoComplete="name"
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-testid="invitation-name"
      />
      <WantedPassword value={password} onType={setPassword} />
    </AuthForm>
  );
}
