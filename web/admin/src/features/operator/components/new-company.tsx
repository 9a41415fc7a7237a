import type { Plan } from "@arv/api-client";
import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddButton } from "@/components/add-button";
import { DialogForm } from "@/components/dialog-form";
import { useToast } from "@/components/use-toast";
import { type NewCompany as NewCompanyWords, useCreateCompany } from "../api/companies";

/** The button that adds a company, and the dialog it opens. */
export function NewCompany({ plans }: { plans: Plan[] }) {
  const { t } = useTranslation("operator");
  return (
    <AddButton label={t("newCompany.open")}>
      {(close) => <NewCompanyForm plans={plans} onDone={close} />}
    </AddButton>
  );
}

interface NewCompanyFormProps {
  plans: Plan[];
  onDone: () => void;
}

function NewCompanyForm({ plans, onDone }: NewCompanyFormProps) {
  const { t } = useTranslation("operator");
  const toast = useToast();
  const [wanted, setWanted] = useState<NewCompanyWords>(() => ({
    name: "",
    owner_email: "",
    language: "en",
    plan: plans.find((one) => one.is_default)?.code ?? "",
  }));
  const create = useCreateCompany(({ owner_email }) => {
    toast(t("newCompany.invited", { email: owner_email }));
    onDone();
  });
  const name = wanted.name.trim();
  const owner_email = wanted.owner_email.trim();
  return (
    <DialogForm
      submitLabel={t("newCompany.create")}
      onSubmit={() => create.mutate({ ...wanted, name, owner_email })}
      onCancel={onDone}
      pending={create.isPending}
      error={create.error}
      disabled={name === "" || !owner_email.includes("@")}
    >
      <NewCompanyFields plans={plans} value={wanted} onChange={setWanted} />
    </DialogForm>
  );
}

interface NewCompanyFieldsProps {
  plans: Plan[];
  value: NewCompanyWords;
  onChange: (words: NewCompanyWords) => void;
}

function NewCompanyFields({ plans, value, onChange }: NewCompanyFieldsProps) {
  const { t } = useTranslation("operator");
  return (
    <>
      <TextInput
        label={t("newCompany.name")}
        maxLength={120}
        value={value.name}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
        data-autofocus
      />
      <TextInput
        type="email"
        label={t("newCompany.owner")}
        description={t("newCompany.ownerHint")}
        autoComplete="off"
        maxLength={254}
        value={value.owner_email}
        onChange={(event) => onChange({ ...value, owner_email: event.currentTarget.value })}
      />
      <NativeSelect
        label={t("companies.plan")}
        value={value.plan}
        data={plans.map(({ code, name: label }) => ({ value: code, label }))}
        onChange={(event) => onChange({ ...value, plan: event.currentTarget.value })}
      />
      <NativeSelect
        label={t("newCompany.language")}
        value={value.language}
        data={[
          { value: "en", label: "English" },
          { value: "ru", label: "Русский" },
        ]}
        onChange={(event) =>
          onChange({ ...value, language: event.currentTarget.value === "ru" ? "ru" : "en" })
        }
      />
    </>
  );
}
