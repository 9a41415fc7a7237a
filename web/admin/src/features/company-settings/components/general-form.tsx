import type { Company } from "@arv/api-client";
import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PlainForm } from "@/components/plain-form";
import { useUpdateCompany } from "../api/company";

interface GeneralFormProps {
  company: Company;
  onSaved: () => void;
}

/** What the company is called, and the time and language it works in. */
export function GeneralForm({ company, onSaved }: GeneralFormProps) {
  const { t } = useTranslation("settings");
  const [name, setName] = useState(company.name);
  const [zone, setZone] = useState(company.time_zone);
  const [language, setLanguage] = useState(company.language);
  const update = useUpdateCompany(company.id, onSaved);
  const zones = Intl.supportedValuesOf("timeZone");
  const unchanged =
    name.trim() === company.name && zone === company.time_zone && language === company.language;
  return (
    <PlainForm
      onSubmit={() => update.mutate({ name: name.trim(), time_zone: zone, language })}
      action={update}
      disabled={unchanged || name.trim() === ""}
    >
      <TextInput
        label={t("general.name")}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("general.language")}
        description={t("general.languageHint")}
        value={language}
        data={[
          { value: "en", label: "English" },
          { value: "ru", label: "Русский" },
        ]}
        onChange={(event) => setLanguage(event.currentTarget.value === "ru" ? "ru" : "en")}
      />
      <NativeSelect
        label={t("general.zone")}
        description={t("general.zoneHint")}
        value={zone}
        data={zones.includes(zone) ? zones : [zone, ...zones]}
        onChange={(event) => setZone(event.currentTarget.value)}
      />
    </PlainForm>
  );
}
