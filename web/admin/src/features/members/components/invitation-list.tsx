import type { Invitation } from "@arv/api-client";
import { notifications } from "@mantine/notifications";
import { IconMail, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ItemMenu } from "@/components/item-menu";
import { ProblemNotice } from "@/components/problem-notice";
import { Row, RowList } from "@/components/row-list";
import { formatDate } from "@/lib/format";
import { useAnswerless } from "../api/invitations";

interface InvitationListProps {
  companyId: string;
  invitations: Invitation[];
}

/** Invitations nobody has answered yet. */
export function InvitationList({ companyId, invitations }: InvitationListProps) {
  const { t } = useTranslation("settings");
  return (
    <RowList label={t("invitations.title")}>
      {invitations.map((invitation) => (
        <InvitationRow key={invitation.id} companyId={companyId} invitation={invitation} />
      ))}
    </RowList>
  );
}

interface InvitationRowProps {
  companyId: string;
  invitation: Invitation;
}

function InvitationRow({ companyId, invitation }: InvitationRowProps) {
  const { t, i18n } = useTranslation(["settings", "common"]);
  const { resend, revoke } = useAnswerless(companyId, invitation);
  const { email } = invitation;
  const send = () =>
    resend.mutate(undefined, {
      onSuccess: () =>
        notifications.show({
          message: t("invitations.resent", { email }),
          closeButtonProps: { "aria-label": t("common:common.close") },
        }),
    });
  return (
    <Row
      title={email}
      detail={
        <>
          {stateWords()}
          <ProblemNotice error={resend.error ?? revoke.error} />
        </>
      }
    >
      {t(`members.roles.${invitation.role}`)}
      <ItemMenu
        label={t("members.menu", { name: email })}
        actions={[
          { label: t("invitations.resend"), icon: IconMail, onClick: send },
          {
            label: t("invitations.revoke"),
            icon: IconTrash,
            onClick: () => revoke.mutate(),
            danger: true,
          },
        ]}
      />
    </Row>
  );

  function stateWords(): string {
    if (invitation.mail_state === "failed") return t("invitations.undelivered");
    const date = formatDate(invitation.expires_at, i18n.language);
    return t(`invitations.state.${invitation.state}`, { date });
  }
}
