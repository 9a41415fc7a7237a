import { answer, type Backup, type BackupOverview, type Page } from "@arv/api-client";
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

const ALL = ["backups"] as const;
const POLL_MS = 5000;

/** When the last backup was made and proved; asked again while it is looked at. */
export const backupOverviewQuery = queryOptions({
  queryKey: [...ALL, "overview"],
  queryFn: (): Promise<BackupOverview> => answer(api.GET("/api/v1/operator/backups/overview")),
  refetchInterval: POLL_MS,
});

function listBackups(cursor?: string): Promise<Page<Backup>> {
  return answer(api.GET("/api/v1/operator/backups", { params: { query: { cursor } } }));
}

/** All backups, newest first. */
export const backupsQuery = infiniteQueryOptions({
  queryKey: [...ALL, "list"],
  queryFn: ({ pageParam }) => listBackups(pageParam),
  refetchInterval: POLL_MS,
  ...cursorPaging,
});

/** Order a backup, or with an id the proof that this one can be restored. */
export function useOrderBackup() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (backupId: string | null) => {
      if (backupId === null) return answer(api.POST("/api/v1/operator/backups"));
      const path = { backup_id: backupId };
      return answer(api.POST("/api/v1/operator/backups/{backup_id}/verify", { params: { path } }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ALL }),
  });
}
