import { answer, type SignInPolicy } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useIdentityGate } from "@/components/identity-gate";
import { api } from "@/lib/api";

const keyOf = (companyId: string) => ["sign-in-policy", companyId] as const;
const paramsOf = (companyId: string) => ({ path: { company_id: companyId } });

/** What the company asks of its people's sign-in. */
export const policyQuery = (companyId: string) =>
  queryOptions({
    queryKey: keyOf(companyId),
    queryFn: (): Promise<SignInPolicy> =>
      answer(
        api.GET("/api/v1/companies/{company_id}/sign-in-policy", { params: paramsOf(companyId) }),
      ),
  });

export function useSetPolicy(companyId: string, onSet: () => void) {
  const queryClient = useQueryClient();
  const gate = useIdentityGate();
  const params = paramsOf(companyId);
  return useMutation({
    mutationFn: (body: SignInPolicy): Promise<SignInPolicy> =>
      gate(() =>
        answer(api.PUT("/api/v1/companies/{company_id}/sign-in-policy", { params, body })),
      ),
    onSuccess: async (saved) => {
      queryClient.setQueryData(keyOf(companyId), saved);
      await queryClient.invalidateQueries({ queryKey: ["me"] });
      onSet();
    },
  });
}
