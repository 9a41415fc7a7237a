import { answer, type Domain, Problem } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

const keyOf = (companyId: string) => ["domain", companyId] as const;

async function getDomain(companyId: string): Promise<Domain | null> {
  try {
    return await answer(
      api.GET("/api/v1/companies/{company_id}/domain", {
        params: { path: { company_id: companyId } },
      }),
    );
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** The hostname of the company's links; null while there is none. */
export const domainQuery = (companyId: string) =>
  queryOptions({ queryKey: keyOf(companyId), queryFn: () => getDomain(companyId) });

type Step = { set: string } | "verify" | "remove";

/** Name a hostname, have its record looked up, or do without one again. */
export function useChangeDomain(companyId: string) {
  const queryClient = useQueryClient();
  const params = { path: { company_id: companyId } };
  return useMutation({
    mutationFn: async (step: Step) => {
      if (step === "remove") {
        await answer(api.DELETE("/api/v1/companies/{company_id}/domain", { params }));
      } else if (step === "verify") {
        await answer(api.POST("/api/v1/companies/{company_id}/domain/verify", { params }));
      } else {
        const body = { hostname: step.set };
        await answer(api.PUT("/api/v1/companies/{company_id}/domain", { params, body }));
      }
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keyOf(companyId) }),
  });
}
