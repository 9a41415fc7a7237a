import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddButton } from "@/components/add-button";
import { DialogForm } from "@/components/dialog-form";
import { SecretOnce } from "@/components/secret-once";
import { type Scope, useCreateKey } from "../api/api-keys";
import classes from "./api-keys.module.css";
import { expiryAfter, LIFETIMES, type Lifetime, SCOPES, scopeWords } from "./key-terms";

/** The button that makes a key, and the dialog it opens. */
export function NewKey({ companyId }: { companyId: string }) {
  const { t } = useTranslation("settings");
  return (
    <AddButton label={t("keys.new")}>
      {(close) => <NewKeyForm companyId={companyId} onDone={close} />}
    </AddButton>
  );
}

function NewKeyForm({ companyId, onDone }: { companyId: string; onDone: () => void }) {
  const { t } = useTranslation("settings");
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read"]);
  const [lifetime, setLifetime] = useState<Lifetime>("year");
  const create = useCreateKey(companyId);
  if (create.data) {
    return (
      <SecretOnce
        secret={create.data.token}
        words={t("keys.once")}
        doneLabel={t("keys.kept")}
        onDone={onDone}
      />
    );
  }
  return (
    <DialogForm
      submitLabel={t("keys.create")}
      onSubmit={() =>
        create.mutate({ name: name.trim(), scopes, expires_at: expiryAfter(lifetime, new Date()) })
      }
      onCancel={onDone}
      pending={create.isPending}
      error={create.error}
      disabled={name.trim() === "" || scopes.length === 0}
    >
      <TextInput
        label={t("keys.name")}
        placeholder={t("keys.namePlaceholder")}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <ScopeField value={scopes} onChoose={setScopes} />
      <NativeSelect
        label={t("keys.validFor")}
        value={lifetime}
        data={LIFETIMES.map((one) => ({ value: one, label: t(`keys.lifetime.${one}`) }))}
        onChange={(event) =>
          setLifetime(LIFETIMES.find((one) => one === event.currentTarget.value) ?? lifetime)
        }
      />
    </DialogForm>
  );
}

interface ScopeFieldProps {
  value: Scope[];
  onChoose: (scopes: Scope[]) => void;
}

function ScopeField({ value, onChoose }: ScopeFieldProps) {
  const { t } = useTranslation("settings");
  return (
    <Checkbox.Group
      label={t("keys.may")}
      value={value}
      onChange={(chosen) => onChoose(SCOPES.filter((scope) => chosen.includes(scope)))}
    >
      <div className={classes.scopes}>
        {SCOPES.map((scope) => (
          <Checkbox key={scope} value={scope} label={scopeWords(scope, t)} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
