import { answer, type Look, type LookUpdate } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

const keyOf = (companyId: string) => ["look", companyId] as const;

/** Colours, logo and words of the company's viewer. */
export const lookQuery = (companyId: string) =>
  queryOptions({
    queryKey: keyOf(companyId),
    queryFn: (): Promise<Look> =>
      answer(
        api.GET("/api/v1/companies/{company_id}/look", {
          params: { path: { company_id: companyId } },
        }),
      ),
  });

export function useUpdateLook(companyId: string, onUpdated: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: LookUpdate): Promise<Look> =>
      answer(
        api.PATCH("/api/v1/companies/{company_id}/look", {
          params: { path: { company_id: companyId } },
          body,
        }),
      ),
    onSuccess: async (look) => {
      queryClient.setQueryData(keyOf(companyId), look);
      await queryClient.invalidateQueries({ queryKey: ["me"] });
      onUpdated();
    },
  });
}

/** Send a picture as the new logo, or take the logo away with null. */
export function useChangeLogo(companyId: string) {
  const queryClient = useQueryClient();
  const params = { path: { company_id: companyId } };
  return useMutation({
    mutationFn: async (file: File | null) => {
      if (file === null) {
        await answer(api.DELETE("/api/v1/companies/{company_id}/look/logo", { params }));
        return;
      }
      await answer(
        api.PUT("/api/v1/companies/{company_id}/look/logo", {
          params,
          // The route takes the file's bytes as they are, and no form.
          body: file as never,
          bodySerializer: (raw) => raw as never,
          headers: { "Content-Type": file.type || "application/octet-stream" },
        }),
      );
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keyOf(companyId) }),
  });
}
