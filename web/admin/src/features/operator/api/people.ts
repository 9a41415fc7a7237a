import {
  type Account,
  type AccountDetail,
  answer,
  type Page,
  type SignedOut,
} from "@arv/api-client";
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useIdentityGate } from "@/components/identity-gate";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

const ALL = ["operator", "people"] as const;

export const KINDS = ["superadmins", "disabled"] as const;
export type Kind = (typeof KINDS)[number];

export function asKind(value: unknown): Kind | undefined {
  return KINDS.find((kind) => kind === value);
}

export interface PeopleFilter {
  q?: string;
  kind?: Kind;
}

function listPeople({ q, kind }: PeopleFilter, cursor?: string): Promise<Page<Account>> {
  const query = {
    q,
    cursor,
    limit: 50,
    ...(kind === "superadmins" && { is_superadmin: true }),
    ...(kind === "disabled" && { is_disabled: true }),
  };
  return answer(api.GET("/api/v1/users", { params: { query } }));
}

/** Everybody with an account, by e-mail. */
export const peopleQuery = (filter: PeopleFilter) =>
  infiniteQueryOptions({
    queryKey: [...ALL, filter],
    queryFn: ({ pageParam }) => listPeople(filter, pageParam),
    placeholderData: keepPreviousData,
    ...cursorPaging,
  });

/** One account, and where the person works. */
export const personQuery = (userId: string) =>
  queryOptions({
    queryKey: [...ALL, "one", userId],
    queryFn: (): Promise<AccountDetail> =>
      answer(api.GET("/api/v1/users/{user_id}", { params: { path: { user_id: userId } } })),
  });

export interface AccountChange {
  is_disabled?: boolean;
  is_superadmin?: boolean;
}

/** Close or open an account; give or take what operators may. */
export function useChangeAccount(userId: string, onChanged: () => void) {
  const queryClient = useQueryClient();
  const gate = useIdentityGate();
  return useMutation({
    mutationFn: (body: AccountChange): Promise<AccountDetail> =>
      gate(() =>
        answer(
          api.PATCH("/api/v1/users/{user_id}", { params: { path: { user_id: userId } }, body }),
        ),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ALL });
      onChanged();
    },
  });
}

/** End every session of a person. */
export function useSignPersonOut(userId: string, onDone: () => void) {
  const gate = useIdentityGate();
  return useMutation({
    mutationFn: (): Promise<SignedOut> =>
      gate(() =>
        answer(
          api.POST("/api/v1/users/{user_id}/sign-out", { params: { path: { user_id: userId } } }),
        ),
      ),
    onSuccess: onDone,
  });
}

/** For who has lost phone and recovery codes. */
export function useRemoveSecondFactor(userId: string, onDone: () => void) {
  const gate = useIdentityGate();
  return useMutation({
    mutationFn: () =>
      gate(() =>
        answer(
          api.DELETE("/api/v1/users/{user_id}/two-factor", {
            params: { path: { user_id: userId } },
          }),
        ),
      ),
    onSuccess: onDone,
  });
}
