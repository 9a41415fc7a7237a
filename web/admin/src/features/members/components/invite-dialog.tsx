import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddButton } from "@/components/add-button";
import { DialogForm } from "@/components/dialog-form";
import { useInvite } from "../api/invitations";
import type { Role } from "../api/members";
import { RoleField } from "./role-field";

/** The button that invites, and the dialog it opens. */
export function Invite({ companyId }: { companyId: string }) {
  const { t } = useTranslation("settings");
  return (
    <AddButton label={t("invitations.invite")}>
      {(close) => <InviteForm companyId={companyId} onDone={close} />}
    </AddButton>
  );
}

function InviteForm({ companyId, onDone }: { companyId: string; onDone: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const invite = useInvite(companyId, onDone);
  return (
    <DialogForm
      submitLabel={t("invitations.send")}
      onSubmit={() => invite.mutate({ email: email.trim(), role })}
      onCancel={onDone}
      pending={invite.isPending}
      error={invite.error}
      disabled={!email.includes("@")}
    >
      <TextInput
        type="email"
        label={t("common:auth.email")}
        autoComplete="off"
        maxLength={254}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
      <RoleField value={role} onChoose={setRole} />
    </DialogForm>
  );
}
