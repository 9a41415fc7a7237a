import type { Company } from "@arv/api-client";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PlainForm } from "@/components/plain-form";
import { useUpdateCompany } from "../api/company";
import { readDays } from "../warning-days";

interface ExpiryFormProps {
  company: Company;
  onSaved: () => void;
}

/** When the company is reminded of ends, and how long a later end brings a print back by itself. */
export function ExpiryForm({ company, onSaved }: ExpiryFormProps) {
  const { t } = useTranslation("settings");
  const before = company.expiry_warning_days.join(", ");
  const [written, setWritten] = useState(before);
  const [grace, setGrace] = useState(String(company.expiry_grace_days));
  const update = useUpdateCompany(company.id, onSaved);
  const days = readDays(written);
  const isGrace = /^\d{1,3}$/.test(grace) && Number(grace) <= 365;
  const unchanged = written === before && Number(grace) === company.expiry_grace_days;
  const save = () =>
    days && update.mutate({ expiry_warning_days: days, expiry_grace_days: Number(grace) });
  return (
    <PlainForm onSubmit={save} action={update} disabled={unchanged || days === null || !isGrace}>
      <TextInput
        label={t("expiry.warnings")}
        description={t("expiry.warningsHint")}
        value={written}
        error={days === null ? t("expiry.wrong") : undefined}
        onChange={(event) => setWritten(event.currentTarget.value)}
      />
      <TextInput
        type="number"
        min={0}
        max={365}
        label={t("expiry.grace")}
        description={t("expiry.graceHint")}
        value={grace}
        onChange={(event) => setGrace(event.currentTarget.value)}
      />
    </PlainForm>
  );
}
