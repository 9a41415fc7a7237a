import { answer, type Company } from "@arv/api-client";
import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api";

function createCompany(name: string): Promise<Company> {
  return answer(api.POST("/api/v1/companies", { body: { name } }));
}

export function useCreateCompany(onCreated: (company: Company) => void) {
  return useMutation({ mutationFn: createCompany, onSuccess: onCreated });
}
