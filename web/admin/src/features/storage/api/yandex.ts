import { answer } from "@arv/api-client";
import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api";

/** Ask where the account's holder consents, and go there: for a new connection, or anew for one there is. */
export function useConnectYandex(companyId: string, connectionId?: string) {
  return useMutation({
    mutationFn: (name: string) =>
      answer(
        api.POST("/api/v1/companies/{company_id}/storage-connections/yandex-consent", {
          params: { path: { company_id: companyId } },
          body: { name, ...(connectionId && { connection_id: connectionId }) },
        }),
      ),
    onSuccess: ({ url }) => window.location.assign(url),
  });
}
