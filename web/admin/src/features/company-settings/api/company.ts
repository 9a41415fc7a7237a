import { answer, type Company } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

export type CompanyChange = Partial<
  Pick<
    Company,
    "name" | "time_zone" | "language" | "contact" | "expiry_warning_days" | "expiry_grace_days"
  >
>;

function updateCompany(companyId: string, body: CompanyChange): Promise<Company> {
  const path = { company_id: companyId };
  return answer(api.PATCH("/api/v1/companies/{company_id}", { params: { path }, body }));
}

/** Change name, contact, time zone, language, or what happens when time runs out. */
export function useUpdateCompany(companyId: string, onUpdated: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: CompanyChange) => updateCompany(companyId, change),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["me"] });
      onUpdated();
    },
  });
}
