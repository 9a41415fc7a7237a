import {
  answer,
  type IdentityProvider,
  type IdentityProviderUpdate,
  Problem,
} from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useIdentityGate } from "@/components/identity-gate";
import { api } from "@/lib/api";

const keyOf = (companyId: string) => ["identity-provider", companyId] as const;
const paramsOf = (companyId: string) => ({ path: { company_id: companyId } });

async function getProvider(companyId: string): Promise<IdentityProvider | null> {
  const params = paramsOf(companyId);
  try {
    return await answer(api.GET("/api/v1/companies/{company_id}/identity-provider", { params }));
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** How the company's people sign in with their own accounts; null while they can not. */
export const providerQuery = (companyId: string) =>
  queryOptions({ queryKey: keyOf(companyId), queryFn: () => getProvider(companyId) });

/** Set the provider up or change it; the server tries its address first. */
export function usePutProvider(companyId: string, onSaved: () => void) {
  const queryClient = useQueryClient();
  const gate = useIdentityGate();
  const params = paramsOf(companyId);
  return useMutation({
    mutationFn: (body: IdentityProviderUpdate): Promise<IdentityProvider> =>
      gate(() =>
        answer(api.PUT("/api/v1/companies/{company_id}/identity-provider", { params, body })),
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(keyOf(companyId), saved);
      onSaved();
    },
  });
}

export function useRemoveProvider(companyId: string, onRemoved: () => void) {
  const queryClient = useQueryClient();
  const gate = useIdentityGate();
  const params = paramsOf(companyId);
  return useMutation({
    mutationFn: () =>
      gate(() =>
        answer(api.DELETE("/api/v1/companies/{company_id}/identity-provider", { params })),
      ),
    onSuccess: async () => {
      onRemoved();
      await queryClient.invalidateQueries({ queryKey: keyOf(companyId) });
    },
  });
}
