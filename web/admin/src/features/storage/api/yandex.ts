import { answer } from "@arv/api-client";
import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api";

/** Ask where the account's holder consents, and go there. */
export function useConnectYandex(companyId: string) {
  return useMutation({
    mutationFn: (name: string) =>
      answer(
        api.POST("/api/v1/companies/{company_id}/storage-connections/yandex-consent", {
          params: { path: { company_id: companyId } },
          body: { name },
        }),
      ),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}
