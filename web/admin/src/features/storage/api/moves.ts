import { answer, type Page, type StorageMove } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { paced } from "@/lib/live";

const ALL = "/api/v1/companies/{company_id}/storage-moves" as const;
const ONE = `${ALL}/{move_id}` as const;
/** How often a move under way is asked about, milliseconds. */
const PROGRESS_MS = 1500;

const keyOf = (companyId: string) => ["storage", "moves", companyId] as const;

/** The newest moves of the company; the first one is the open one, if any is. */
export const movesQuery = (companyId: string) =>
  queryOptions({
    queryKey: keyOf(companyId),
    queryFn: (): Promise<Page<StorageMove>> =>
      answer(api.GET(ALL, { params: { path: { company_id: companyId }, query: { limit: 5 } } })),
    refetchInterval: ({ state }) =>
      state.data?.items.some((move) => move.state === "running") ? paced(PROGRESS_MS) : false,
  });

export function useStartMove(companyId: string, onDone: () => void) {
  const done = useRefresh(companyId, onDone);
  return useMutation({
    mutationFn: (to: string) =>
      answer(
        api.POST(ALL, {
          params: { path: { company_id: companyId } },
          body: { to_connection_id: to },
        }),
      ),
    onSuccess: done,
  });
}

export type MoveStep = "pause" | "cancel" | "clean-up";

/** Hold a move, end it, or remove what it left behind. */
export function useChangeMove(companyId: string, moveId: string, onDone?: () => void) {
  const done = useRefresh(companyId, onDone);
  return useMutation({
    mutationFn: (step: MoveStep) =>
      answer(
        api.POST(`${ONE}/${step}`, {
          params: { path: { company_id: companyId, move_id: moveId } },
        }),
      ),
    onSuccess: done,
  });
}

/** Go on; with `leaveMissing` without the files that are lost. */
export function useResumeMove(companyId: string, moveId: string) {
  const done = useRefresh(companyId);
  return useMutation({
    mutationFn: (leaveMissing: boolean) =>
      answer(
        api.POST(`${ONE}/resume`, {
          params: { path: { company_id: companyId, move_id: moveId } },
          body: { leave_missing: leaveMissing },
        }),
      ),
    onSuccess: done,
  });
}

function useRefresh(companyId: string, onDone?: () => void) {
  const queryClient = useQueryClient();
  return async () => {
    onDone?.();
    await queryClient.invalidateQueries({ queryKey: keyOf(companyId) });
    await queryClient.invalidateQueries({ queryKey: ["storage-connections", companyId] });
  };
}
