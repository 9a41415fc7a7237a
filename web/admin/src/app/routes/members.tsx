import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { invitationsQuery } from "@/features/members/api/invitations";
import { membersQuery } from "@/features/members/api/members";
import { InvitationList } from "@/features/members/components/invitation-list";
import { Invite } from "@/features/members/components/invite-dialog";
import { MemberList } from "@/features/members/components/member-list";
import { itemsOf } from "@/lib/pages";
import { useMe, useMembership } from "../membership";

/** Who works in the company, and who has been asked to. */
export function MembersRoute() {
  const { t } = useTranslation("settings");
  const navigate = useNavigate();
  const { user } = useMe();
  const { company, role } = useMembership();
  const canManage = role === "owner";
  const members = useInfiniteQuery(membersQuery(company.id));
  const invitations = useQuery({ ...invitationsQuery(company.id), enabled: canManage });
  const open = invitations.data?.items ?? [];
  return (
    <Page title={t("members.title")}>
      <PageHeader
        title={t("members.title")}
        lead={t("members.lead")}
        actions={canManage && <Invite companyId={company.id} />}
      />
      <LoadProblem query={members} />
      <MemberList
        companyId={company.id}
        members={itemsOf(members.data)}
        myId={user.id}
        canManage={canManage}
        onLeft={() => void navigate({ to: "/" })}
      />
      <ListFoot query={members} noMatch={false} />
      <LoadProblem query={invitations} />
      {open.length > 0 && (
        <Panel title={t("invitations.title")}>
          <InvitationList companyId={company.id} invitations={open} />
        </Panel>
      )}
    </Page>
  );
}
