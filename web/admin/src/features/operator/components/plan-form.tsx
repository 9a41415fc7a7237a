import type { Plan } from "@arv/api-client";
import { Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import { useSavePlan } from "../api/plans";
import { bytesOf, typedMegabytes } from "../largest-file";
import { changedLimits, isTypedWell, typedLimits } from "../limits";
import { LimitFields } from "./limit-fields";

interface PlanFormProps {
  /** The plan to change; null for a new one. */
  plan: Plan | null;
  onDone: () => void;
}

/** Name, limits and grace of a plan. */
export function PlanForm({ plan, onDone }: PlanFormProps) {
  const { t } = useTranslation(["operator", "common"]);
  const [before] = useState(() => typedLimits(plan ?? {}));
  const [limits, setLimits] = useState(before);
  const [basics, setBasics] = useState(() => basicsOf(plan));
  const save = useSavePlan(onDone);
  const [largestBefore] = useState(() => typedMegabytes(plan?.max_upload_bytes));
  const [largest, setLargest] = useState(largestBefore);
  const { code, ...rest } = basics;
  const values = {
    ...rest,
    name: basics.name.trim(),
    grace_days: Number(basics.grace_days),
    ...changedLimits(before, limits),
    ...(largest !== largestBefore && { max_upload_bytes: bytesOf(largest) }),
  };
  return (
    <DialogForm
      submitLabel={t(plan ? "common:common.save" : "plans.create")}
      onSubmit={() =>
        save.mutate(plan ? { id: plan.id, update: values } : { create: { ...values, code } })
      }
      onCancel={onDone}
      pending={save.isPending}
      error={save.error}
      disabled={
        values.name === "" || code === "" || !isTypedWell(limits) || bytesOf(largest) === undefined
      }
    >
      <BasicFields plan={plan} value={basics} onChange={setBasics} />
      <LimitFields
        legend={t("limits.title")}
        value={limits}
        onType={setLimits}
        whenEmpty={() => t("limits.none")}
      />
      <LargestFileField value={largest} onType={setLargest} />
    </DialogForm>
  );
}

interface Basics {
  name: string;
  code: string;
  grace_days: string;
  is_default: boolean;
}

function basicsOf(plan: Plan | null): Basics {
  return {
    name: plan?.name ?? "",
    code: plan?.code ?? "",
    grace_days: String(plan?.grace_days ?? 30),
    is_default: plan?.is_default ?? false,
  };
}

interface BasicFieldsProps {
  plan: Plan | null;
  value: Basics;
  onChange: (basics: Basics) => void;
}

function BasicFields({ plan, value, onChange }: BasicFieldsProps) {
  const { t } = useTranslation("operator");
  return (
    <>
      <TextInput
        label={t("plans.name")}
        maxLength={120}
        value={value.name}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
        data-autofocus
      />
      {!plan && <CodeField value={value.code} onType={(code) => onChange({ ...value, code })} />}
      <TextInput
        type="number"
        min={0}
        max={3650}
        required
        withAsterisk={false}
        label={t("agreement.graceDays")}
        description={t("plans.graceHint")}
        value={value.grace_days}
        onChange={(event) => onChange({ ...value, grace_days: event.currentTarget.value })}
      />
      <Switch
        label={t("plans.makeDefault")}
        disabled={plan?.is_default}
        checked={value.is_default}
        onChange={(event) => onChange({ ...value, is_default: event.currentTarget.checked })}
      />
    </>
  );
}

function LargestFileField({ value, onType }: { value: string; onType: (typed: string) => void }) {
  const { t } = useTranslation("operator");
  return (
    <TextInput
      label={t("limits.largestMb")}
      description={t("limits.largestHint")}
      inputMode="decimal"
      placeholder={t("limits.asInstallation")}
      maxLength={10}
      error={bytesOf(value) === undefined && t("limits.notANumber")}
      value={value}
      onChange={(event) => onType(event.currentTarget.value)}
    />
  );
}

function CodeField({ value, onType }: { value: string; onType: (code: string) => void }) {
  const { t } = useTranslation("operator");
  return (
    <TextInput
      label={t("plans.code")}
      description={t("plans.codeHint")}
      autoCapitalize="off"
      spellCheck={false}
      maxLength={32}
      value={value}
      onChange={(event) =>
        onType(event.currentTarget.value.toLowerCase().replace(/[^a-z0-9-]/g, ""))
      }
    />
  );
}
