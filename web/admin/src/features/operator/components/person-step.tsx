import type { Account } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { useToast } from "@/components/use-toast";
import {
  type AccountChange,
  useChangeAccount,
  useRemoveSecondFactor,
  useSignPersonOut,
} from "../api/people";

export type Step = "promote" | "demote" | "signOut" | "removeFactor" | "disable" | "enable";

const CHANGES: Partial<Record<Step, AccountChange>> = {
  promote: { is_superadmin: true },
  demote: { is_superadmin: false },
  disable: { is_disabled: true },
  enable: { is_disabled: false },
};

interface PersonStepProps {
  person: Account;
  step: Step;
  onClose: () => void;
}

/** Asks once before a step with somebody's account, and takes it. */
export function PersonStep({ person, step, onClose }: PersonStepProps) {
  const { t } = useTranslation("operator");
  const name = person.name || person.email;
  const toast = useToast();
  const done = () => {
    toast(t(`people.step.${step}.done`, { name }));
    onClose();
  };
  const change = useChangeAccount(person.id, done);
  const signOut = useSignPersonOut(person.id, done);
  const removeFactor = useRemoveSecondFactor(person.id, done);
  const action = { signOut, removeFactor }[step as "signOut" | "removeFactor"] ?? change;
  const take = () => {
    const wanted = CHANGES[step];
    if (wanted) change.mutate(wanted);
    else if (step === "signOut") signOut.mutate();
    else removeFactor.mutate();
  };
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={take}
      title={t(`people.step.${step}.title`, { name })}
      words={t(`people.step.${step}.words`)}
      confirmLabel={t(`people.step.${step}.go`)}
      pending={action.isPending}
      error={action.error}
    />
  );
}
