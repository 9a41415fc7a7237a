import { answer, type Member, type Page, type SignedOut } from "@arv/api-client";
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

export type Role = Member["role"];

const keyOf = (companyId: string) => ["members", companyId] as const;

function listMembers(companyId: string, cursor?: string): Promise<Page<Member>> {
  const path = { company_id: companyId };
  return answer(
    api.GET("/api/v1/companies/{company_id}/members", { params: { path, query: { cursor } } }),
  );
}

/** Who works in the company, by e-mail. */
export const membersQuery = (companyId: string) =>
  infiniteQueryOptions({
    queryKey: keyOf(companyId),
    queryFn: ({ pageParam }) => listMembers(companyId, pageParam),
    ...cursorPaging,
  });

const pathOf = (companyId: string, member: Member) => ({
  company_id: companyId,
  user_id: member.user_id,
});

export function useChangeRole(companyId: string, member: Member, onChanged: () => void) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (role: Role) =>
      answer(
        api.PATCH("/api/v1/companies/{company_id}/members/{user_id}", {
          params: { path: pathOf(companyId, member) },
          body: { role },
        }),
      ),
    onSuccess: async () => {
      await refresh();
      onChanged();
    },
  });
}

export function useRemoveMember(companyId: string, member: Member, onRemoved: () => void) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: () =>
      answer(
        api.DELETE("/api/v1/companies/{company_id}/members/{user_id}", {
          params: { path: pathOf(companyId, member) },
        }),
      ),
    onSuccess: async () => {
      onRemoved();
      await refresh();
    },
  });
}

/** Ends the member's sessions, as far as they are this company's business. */
export function useSignMemberOut(companyId: string, onDone: (done: SignedOut) => void) {
  return useMutation({
    mutationFn: (member: Member): Promise<SignedOut> =>
      answer(
        api.POST("/api/v1/companies/{company_id}/members/{user_id}/sign-out", {
          params: { path: pathOf(companyId, member) },
        }),
      ),
    onSuccess: onDone,
  });
}

function useRefresh(companyId: string) {
  const queryClient = useQueryClient();
  return async () => {
    await queryClient.invalidateQueries({ queryKey: keyOf(companyId) });
    await queryClient.invalidateQueries({ queryKey: ["me"] });
  };
}
