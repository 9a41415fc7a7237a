import { answer, type Notification, type Page } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

const ALL = ["notifications"] as const;
const SHOWN = 20;
/** Word of a new one comes by itself; this is for what got lost on the way. */
const POLL_MS = 60_000;

/** How many the person has not read. */
export const unreadQuery = queryOptions({
  queryKey: [...ALL, "unread"],
  queryFn: () => answer(api.GET("/api/v1/notifications/unread")),
  refetchInterval: POLL_MS,
});

/** The newest ones, in the language the panel is read in. */
export const newestQuery = (language: "en" | "ru") =>
  queryOptions({
    queryKey: [...ALL, "newest", language],
    queryFn: (): Promise<Page<Notification>> =>
      answer(api.GET("/api/v1/notifications", { params: { query: { limit: SHOWN, language } } })),
  });

export function useReadAll() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: () => answer(api.POST("/api/v1/notifications/read")),
    onSuccess: refresh,
  });
}

export function useRead() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) =>
      answer(
        api.POST("/api/v1/notifications/{notification_id}/read", {
          params: { path: { notification_id: id } },
        }),
      ),
    onSuccess: refresh,
  });
}

function useRefresh() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: ALL });
}
