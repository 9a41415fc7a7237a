import type { Member } from "@arv/api-client";
import { notifications } from "@mantine/notifications";
import { IconDoorExit, IconUserCog, IconUserMinus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { ItemMenu } from "@/components/item-menu";
import { Row, RowList } from "@/components/row-list";
import { useChangeRole, useRemoveMember, useSignMemberOut } from "../api/members";
import { RoleField } from "./role-field";

interface MemberListProps {
  companyId: string;
  members: Member[];
  myId: string;
  canManage: boolean;
  /** Called after one has left oneself. */
  onLeft: () => void;
}

/** Everybody who works in the company. */
export function MemberList({ members, ...rest }: MemberListProps) {
  const { t } = useTranslation("settings");
  return (
    <RowList label={t("members.title")}>
      {members.map((member) => (
        <MemberRow key={member.user_id} member={member} {...rest} />
      ))}
    </RowList>
  );
}

type MemberRowProps = Omit<MemberListProps, "members"> & { member: Member };

function MemberRow({ member, companyId, myId, canManage, onLeft }: MemberRowProps) {
  const { t } = useTranslation("settings");
  const isMe = member.user_id === myId;
  const name = member.name || member.email;
  return (
    <Row
      title={isMe ? t("members.you", { name }) : name}
      detail={member.is_disabled ? t("members.disabled", { email: member.email }) : member.email}
    >
      {t(`members.roles.${member.role}`)}
      {(canManage || isMe) && (
        <MemberMenu
          member={member}
          companyId={companyId}
          isMe={isMe}
          canManage={canManage}
          onLeft={onLeft}
        />
      )}
    </Row>
  );
}

interface MemberMenuProps {
  member: Member;
  companyId: string;
  isMe: boolean;
  canManage: boolean;
  onLeft: () => void;
}

function MemberMenu({ member, companyId, isMe, canManage, onLeft }: MemberMenuProps) {
  const { t } = useTranslation(["settings", "common"]);
  const [open, setOpen] = useState<"role" | "remove" | null>(null);
  const close = () => setOpen(null);
  const name = member.name || member.email;
  const signOut = useSignMemberOut(companyId, ({ complete }) =>
    notifications.show({
      message: t(complete ? "members.signedOut" : "members.signedOutHere", { name }),
      closeButtonProps: { "aria-label": t("common:common.close") },
    }),
  );
  const manage = [
    { label: t("members.changeRole"), icon: IconUserCog, onClick: () => setOpen("role") },
    { label: t("members.signOut"), icon: IconDoorExit, onClick: () => signOut.mutate(member) },
  ];
  const leave = {
    label: t(isMe ? "members.leave" : "members.remove"),
    icon: IconUserMinus,
    onClick: () => setOpen("remove"),
    danger: true,
  };
  return (
    <>
      <ItemMenu
        label={t("members.menu", { name })}
        actions={canManage && !isMe ? [...manage, leave] : [leave]}
      />
      <Dialog opened={open === "role"} onClose={close} title={t("members.changeRole")}>
        <RoleForm companyId={companyId} member={member} onDone={close} />
      </Dialog>
      <RemoveDialog
        companyId={companyId}
        member={member}
        isMe={isMe}
        opened={open === "remove"}
        onClose={close}
        onLeft={onLeft}
      />
    </>
  );
}

interface RoleFormProps {
  companyId: string;
  member: Member;
  onDone: () => void;
}

function RoleForm({ companyId, member, onDone }: RoleFormProps) {
  const { t } = useTranslation("common");
  const [role, setRole] = useState(member.role);
  const change = useChangeRole(companyId, member, onDone);
  return (
    <DialogForm
      submitLabel={t("common.save")}
      onSubmit={() => change.mutate(role)}
      onCancel={onDone}
      pending={change.isPending}
      error={change.error}
      disabled={role === member.role}
    >
      <RoleField value={role} onChoose={setRole} />
    </DialogForm>
  );
}

interface RemoveDialogProps extends Omit<RoleFormProps, "onDone"> {
  isMe: boolean;
  opened: boolean;
  onClose: () => void;
  onLeft: () => void;
}

function RemoveDialog(props: RemoveDialogProps) {
  const { companyId, member, isMe, opened, onClose, onLeft } = props;
  const { t } = useTranslation("settings");
  const name = member.name || member.email;
  const remove = useRemoveMember(companyId, member, () => {
    onClose();
    if (isMe) onLeft();
  });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      onConfirm={() => remove.mutate()}
      title={t(isMe ? "members.leaveTitle" : "members.removeTitle", { name })}
      words={t(isMe ? "members.leaveWords" : "members.removeWords")}
      confirmLabel={t(isMe ? "members.leave" : "members.remove")}
      pending={remove.isPending}
      error={remove.error}
    />
  );
}
