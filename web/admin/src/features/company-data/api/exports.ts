import { answer, type CompanyExport, type Page } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

const keyOf = (companyId: string) => ["exports", companyId] as const;
const POLL_MS = 2000;

const isRunning = ({ state }: CompanyExport) => state === "queued" || state === "running";

/** The exports of the company, asked for again while one is being made. */
export const exportsQuery = (companyId: string) =>
  queryOptions({
    queryKey: keyOf(companyId),
    queryFn: (): Promise<Page<CompanyExport>> =>
      answer(
        api.GET("/api/v1/companies/{company_id}/exports", {
          params: { path: { company_id: companyId } },
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.items.some(isRunning) ? POLL_MS : false),
  });

export function useRequestExport(companyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (): Promise<CompanyExport> =>
      answer(
        api.POST("/api/v1/companies/{company_id}/exports", {
          params: { path: { company_id: companyId } },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keyOf(companyId) }),
  });
}

export function downloadUrl(companyId: string, exportId: string): string {
  return `/api/v1/companies/${companyId}/exports/${exportId}/file`;
}
