import type { OperatedCompany, Plan } from "@arv/api-client";
import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import { useUpdateAgreement } from "../api/companies";
import { type Agreement, agreementChange, agreementOf, isTypedWell, type Quota } from "../limits";
import classes from "./company-list.module.css";
import { LimitFields } from "./limit-fields";
import { useAmount } from "./usage-line";

interface AgreementFormProps {
  operated: OperatedCompany;
  plans: Plan[];
  onDone: () => void;
}

/** Plan, term and limits of a company; what is empty is as the plan has it. */
export function AgreementForm({ operated, plans, onDone }: AgreementFormProps) {
  const { t } = useTranslation(["operator", "common"]);
  const { company, subscription } = operated;
  const planOf = (code: string) => plans.find((plan) => plan.code === code);
  const [before] = useState(() => agreementOf(subscription, planOf(subscription.plan.code)));
  const [now, setNow] = useState(before);
  const update = useUpdateAgreement(company.id, onDone);
  const change = agreementChange(before, now);
  return (
    <DialogForm
      submitLabel={t("common:common.save")}
      onSubmit={() => update.mutate(change)}
      onCancel={onDone}
      pending={update.isPending}
      error={update.error}
      disabled={Object.keys(change).length === 0 || !isTypedWell(now.limits)}
    >
      <NativeSelect
        label={t("companies.plan")}
        value={now.plan}
        data={plans.map(({ code, name }) => ({ value: code, label: name }))}
        onChange={(event) => setNow({ ...now, plan: event.currentTarget.value })}
      />
      <TermFields plan={planOf(now.plan)} value={now} onChange={setNow} />
      <OwnLimits plan={planOf(now.plan)} value={now} onChange={setNow} />
    </DialogForm>
  );
}

interface FieldsProps {
  plan: Plan | undefined;
  value: Agreement;
  onChange: (agreement: Agreement) => void;
}

function TermFields({ plan, value, onChange }: FieldsProps) {
  const { t } = useTranslation("operator");
  return (
    <>
      <div className={classes.pair}>
        <TextInput
          type="date"
          label={t("agreement.startsOn")}
          value={value.startsOn}
          onChange={(event) => onChange({ ...value, startsOn: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          min={value.startsOn}
          label={t("agreement.endsOn")}
          description={t("agreement.endless")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={value.endsOn}
          onChange={(event) => onChange({ ...value, endsOn: event.currentTarget.value })}
        />
      </div>
      <TextInput
        type="number"
        min={0}
        max={3650}
        label={t("agreement.graceDays")}
        placeholder={plan ? String(plan.grace_days) : undefined}
        value={value.graceDays}
        onChange={(event) => onChange({ ...value, graceDays: event.currentTarget.value })}
      />
    </>
  );
}

function OwnLimits({ plan, value, onChange }: FieldsProps) {
  const { t } = useTranslation("operator");
  const amount = useAmount();
  const inPlan = (quota: Quota) => {
    const limit = plan?.[quota] ?? null;
    return limit === null ? t("limits.none") : amount(quota, limit);
  };
  return (
    <LimitFields
      legend={t("limits.own")}
      value={value.limits}
      onType={(limits) => onChange({ ...value, limits })}
      whenEmpty={(quota) => t("limits.asPlan", { limit: inPlan(quota) })}
    />
  );
}
