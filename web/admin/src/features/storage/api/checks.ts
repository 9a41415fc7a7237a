import { answer, type Page, type StorageCheck } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { paced } from "@/lib/live";

const ALL = "/api/v1/companies/{company_id}/storage-checks" as const;
const PROGRESS_MS = 1500;

const keyOf = (companyId: string) => ["storage", "checks", companyId] as const;

/** The newest check of the company. */
export const checksQuery = (companyId: string) =>
  queryOptions({
    queryKey: keyOf(companyId),
    queryFn: (): Promise<Page<StorageCheck>> =>
      answer(api.GET(ALL, { params: { path: { company_id: companyId }, query: { limit: 1 } } })),
    refetchInterval: ({ state }) =>
      state.data?.items[0]?.state === "running" ? paced(PROGRESS_MS) : false,
  });

/** Check now; a deep check reads every byte. */
export function useStartCheck(companyId: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (isDeep: boolean) =>
      answer(
        api.POST(ALL, {
          params: { path: { company_id: companyId } },
          body: { is_deep: isDeep },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyOf(companyId) }),
  });
}
