import type { Company } from "@arv/api-client";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PlainForm } from "@/components/plain-form";
import { useUpdateCompany } from "../api/company";
import { type ContactFields, contactOf, fieldsOf } from "../contact";

interface ContactFormProps {
  company: Company;
  onSaved: () => void;
}

const FIELDS = [
  { field: "name", autoComplete: "name", maxLength: 200 },
  { field: "email", autoComplete: "email", maxLength: 254 },
  { field: "phone", autoComplete: "tel", maxLength: 32 },
  { field: "street", autoComplete: "street-address", maxLength: 200 },
  { field: "postal_code", autoComplete: "postal-code", maxLength: 200 },
  { field: "city", autoComplete: "address-level2", maxLength: 200 },
  { field: "country", autoComplete: "country", maxLength: 2 },
] as const satisfies readonly { field: keyof ContactFields; [rest: string]: unknown }[];

/** Whom to reach at the company, and where post arrives. */
export function ContactForm({ company, onSaved }: ContactFormProps) {
  const { t } = useTranslation("settings");
  const [fields, setFields] = useState(() => fieldsOf(company.contact));
  const update = useUpdateCompany(company.id, onSaved);
  return (
    <PlainForm onSubmit={() => update.mutate({ contact: contactOf(fields) })} action={update}>
      {FIELDS.map(({ field, ...input }) => (
        <TextInput
          key={field}
          label={t(`general.contact.${field}`)}
          description={field === "country" ? t("general.countryHint") : undefined}
          value={fields[field]}
          onChange={(event) => setFields({ ...fields, [field]: event.currentTarget.value })}
          {...input}
        />
      ))}
    </PlainForm>
  );
}
