import type { Account } from "@arv/api-client";
import {
  IconBuilding,
  IconDeviceMobileOff,
  IconDoorExit,
  IconLock,
  IconLockOpen,
  IconShieldMinus,
  IconShieldPlus,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { type ItemAction, ItemMenu } from "@/components/item-menu";
import { PersonPlaces } from "./person-places";
import { PersonStep, type Step } from "./person-step";

interface PersonMenuProps {
  person: Account;
  isMe: boolean;
}

/** What an operator can do with an account; nothing of it to their own by accident. */
export function PersonMenu({ person, isMe }: PersonMenuProps) {
  const { t } = useTranslation("operator");
  const [step, setStep] = useState<Step | "places" | null>(null);
  const close = () => setStep(null);
  const name = person.name || person.email;
  const action = (what: Step, icon: ItemAction["icon"], danger = false): ItemAction => ({
    label: t(`people.step.${what}.go`),
    icon,
    onClick: () => setStep(what),
    danger,
  });
  const places = {
    label: t("people.places"),
    icon: IconBuilding,
    onClick: () => setStep("places"),
  };
  const steps = [
    person.is_superadmin ? action("demote", IconShieldMinus) : action("promote", IconShieldPlus),
    action("signOut", IconDoorExit),
    action("removeFactor", IconDeviceMobileOff),
    person.is_disabled ? action("enable", IconLockOpen) : action("disable", IconLock, true),
  ];
  return (
    <>
      <ItemMenu label={t("menu", { name })} actions={isMe ? [places] : [places, ...steps]} />
      <Dialog opened={step === "places"} onClose={close} title={name}>
        <PersonPlaces userId={person.id} />
      </Dialog>
      {step && step !== "places" && <PersonStep person={person} step={step} onClose={close} />}
    </>
  );
}
