import { answer, type Invitation, type Page } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import type { Role } from "./members";

const keyOf = (companyId: string) => ["invitations", companyId] as const;

/** Invitations nobody has answered yet. */
export const invitationsQuery = (companyId: string) =>
  queryOptions({
    queryKey: keyOf(companyId),
    queryFn: (): Promise<Page<Invitation>> =>
      answer(
        api.GET("/api/v1/companies/{company_id}/invitations", {
          params: { path: { company_id: companyId }, query: { limit: 200 } },
        }),
      ),
  });

interface NewInvitation {
  email: string;
  role: Role;
}

export function useInvite(companyId: string, onInvited: () => void) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (body: NewInvitation) =>
      answer(
        api.POST("/api/v1/companies/{company_id}/invitations", {
          params: { path: { company_id: companyId } },
          body,
        }),
      ),
    onSuccess: async () => {
      await refresh();
      onInvited();
    },
  });
}

/** Send the mail again, with a new link, or take the invitation back. */
export function useAnswerless(companyId: string, invitation: Invitation) {
  const refresh = useRefresh(companyId);
  const path = { company_id: companyId, invitation_id: invitation.id };
  const resend = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/companies/{company_id}/invitations/{invitation_id}/resend", {
          params: { path },
        }),
      ),
    onSettled: refresh,
  });
  const revoke = useMutation({
    mutationFn: () =>
      answer(
        api.DELETE("/api/v1/companies/{company_id}/invitations/{invitation_id}", {
          params: { path },
        }),
      ),
    onSettled: refresh,
  });
  return { resend, revoke };
}

function useRefresh(companyId: string) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: keyOf(companyId) });
}
