import type { IdentityProvider } from "@arv/api-client";
import { NativeSelect, PasswordInput, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PlainForm } from "@/components/plain-form";
import { useToast } from "@/components/use-toast";
import { usePutProvider } from "../api/identity-provider";
import { isComplete, type ProviderWords, updateOf, wordsOf } from "../provider-words";

interface ProviderFormProps {
  companyId: string;
  /** Null when the company has none yet. */
  provider: IdentityProvider | null;
}

export function ProviderForm({ companyId, provider }: ProviderFormProps) {
  const { t } = useTranslation("settings");
  const toast = useToast();
  const [words, setWords] = useState(() => wordsOf(provider));
  const put = usePutProvider(companyId, () => toast(t("signIn.saved")));
  return (
    <PlainForm
      onSubmit={() => put.mutate(updateOf(words))}
      action={put}
      submitLabel={t("signIn.save")}
      disabled={!isComplete(words, provider === null)}
    >
      <ClientFields isNew={provider === null} value={words} onChange={setWords} />
      <RuleFields value={words} onChange={setWords} />
    </PlainForm>
  );
}

interface FieldsProps {
  value: ProviderWords;
  onChange: (words: ProviderWords) => void;
}

/** Who the provider is, and who we are to it. */
function ClientFields({ isNew, value, onChange }: FieldsProps & { isNew: boolean }) {
  const { t } = useTranslation(["settings", "common"]);
  return (
    <>
      <TextInput
        type="url"
        label={t("signIn.issuer")}
        description={t("signIn.issuerHint")}
        placeholder="https://accounts.example.com"
        maxLength={500}
        value={value.issuer}
        onChange={(event) => onChange({ ...value, issuer: event.currentTarget.value })}
      />
      <TextInput
        label={t("signIn.clientId")}
        autoComplete="off"
        spellCheck={false}
        maxLength={255}
        value={value.clientId}
        onChange={(event) => onChange({ ...value, clientId: event.currentTarget.value })}
      />
      <PasswordInput
        label={t("signIn.secret")}
        description={isNew ? undefined : t("signIn.secretKept")}
        autoComplete="new-password"
        maxLength={2000}
        value={value.secret}
        onChange={(event) => onChange({ ...value, secret: event.currentTarget.value })}
        visibilityToggleButtonProps={{ "aria-label": t("common:auth.showPassword"), tabIndex: 0 }}
      />
    </>
  );
}

/** Whom it lets in, and as what. */
function RuleFields({ value, onChange }: FieldsProps) {
  const { t } = useTranslation("settings");
  return (
    <>
      <TextInput
        label={t("signIn.domains")}
        description={t("signIn.domainsHint")}
        placeholder="example.com, studio.example"
        autoCapitalize="off"
        spellCheck={false}
        value={value.domains}
        onChange={(event) => onChange({ ...value, domains: event.currentTarget.value })}
      />
      <Switch
        label={t("signIn.autoProvision")}
        description={t("signIn.autoProvisionWords")}
        checked={value.autoProvision}
        onChange={(event) => onChange({ ...value, autoProvision: event.currentTarget.checked })}
      />
      {value.autoProvision && (
        <NativeSelect
          label={t("signIn.role")}
          value={value.role}
          data={[
            { value: "viewer", label: t("members.roles.viewer") },
            { value: "editor", label: t("members.roles.editor") },
          ]}
          onChange={(event) =>
            onChange({
              ...value,
              role: event.currentTarget.value === "editor" ? "editor" : "viewer",
            })
          }
        />
      )}
      <Switch
        label={t("signIn.enabled")}
        checked={value.enabled}
        onChange={(event) => onChange({ ...value, enabled: event.currentTarget.checked })}
      />
    </>
  );
}
