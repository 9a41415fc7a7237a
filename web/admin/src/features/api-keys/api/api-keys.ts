import { type ApiKey, type ApiKeyWithToken, answer, type Page } from "@arv/api-client";
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useIdentityGate } from "@/components/identity-gate";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

export type Scope = ApiKey["scopes"][number];

const keyOf = (companyId: string) => ["api-keys", companyId] as const;

function listKeys(companyId: string, cursor?: string): Promise<Page<ApiKey>> {
  const path = { company_id: companyId };
  return answer(
    api.GET("/api/v1/companies/{company_id}/api-keys", { params: { path, query: { cursor } } }),
  );
}

/** The keys of the company. */
export const apiKeysQuery = (companyId: string) =>
  infiniteQueryOptions({
    queryKey: keyOf(companyId),
    queryFn: ({ pageParam }) => listKeys(companyId, pageParam),
    ...cursorPaging,
  });

interface NewKey {
  name: string;
  scopes: Scope[];
  expires_at: string | null;
}

/** A new key with its token, which is never shown again. */
export function useCreateKey(companyId: string) {
  const gate = useIdentityGate();
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (body: NewKey): Promise<ApiKeyWithToken> =>
      gate(() =>
        answer(
          api.POST("/api/v1/companies/{company_id}/api-keys", {
            params: { path: { company_id: companyId } },
            body,
          }),
        ),
      ),
    onSuccess: refresh,
  });
}

/** The same key with a new token; the old one stops working at once. */
export function useRotateKey(companyId: string, keyId: string) {
  const gate = useIdentityGate();
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (): Promise<ApiKeyWithToken> =>
      gate(() =>
        answer(
          api.POST("/api/v1/companies/{company_id}/api-keys/{key_id}/rotate", {
            params: { path: { company_id: companyId, key_id: keyId } },
          }),
        ),
      ),
    onSuccess: refresh,
  });
}

export function useRevokeKey(companyId: string, keyId: string, onRevoked: () => void) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: () =>
      answer(
        api.DELETE("/api/v1/companies/{company_id}/api-keys/{key_id}", {
          params: { path: { company_id: companyId, key_id: keyId } },
        }),
      ),
    onSuccess: async () => {
      onRevoked();
      await refresh();
    },
  });
}

function useRefresh(companyId: string) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: keyOf(companyId) });
}
