import { answer, type NotificationChannel } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

const keyOf = (companyId: string) => ["notification-channels", companyId] as const;

export const channelsQuery = (companyId: string) =>
  queryOptions({
    queryKey: keyOf(companyId),
    queryFn: () =>
      answer(
        api.GET("/api/v1/companies/{company_id}/notification-channels", {
          params: { path: { company_id: companyId } },
        }),
      ),
  });

export interface NewChannel {
  kind: NotificationChannel["kind"];
  name: string;
  language: "en" | "ru";
  url?: string;
  bot_token?: string;
  chat_id?: string;
}

export function useCreateChannel(companyId: string) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (body: NewChannel) =>
      answer(
        api.POST("/api/v1/companies/{company_id}/notification-channels", {
          params: { path: { company_id: companyId } },
          body,
        }),
      ),
    onSuccess: refresh,
  });
}

const pathOf = (companyId: string, channelId: string) => ({
  path: { company_id: companyId, channel_id: channelId },
});

export function useUpdateChannel(companyId: string, channelId: string, onSaved: () => void) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (body: { kinds?: string[]; enabled?: boolean }) =>
      answer(
        api.PATCH("/api/v1/companies/{company_id}/notification-channels/{channel_id}", {
          params: pathOf(companyId, channelId),
          body: body as never,
        }),
      ),
    onSuccess: async () => {
      await refresh();
      onSaved();
    },
  });
}

export function useRemoveChannel(companyId: string, channelId: string, onRemoved: () => void) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: () =>
      answer(
        api.DELETE("/api/v1/companies/{company_id}/notification-channels/{channel_id}", {
          params: pathOf(companyId, channelId),
        }),
      ),
    onSuccess: async () => {
      onRemoved();
      await refresh();
    },
  });
}

export function useTestChannel(companyId: string, channelId: string) {
  return useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/companies/{company_id}/notification-channels/{channel_id}/test", {
          params: pathOf(companyId, channelId),
        }),
      ),
  });
}

/** Ask whether the chat has sent its code to the bot. */
export function useLinkChannel(companyId: string, channelId: string) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/companies/{company_id}/notification-channels/{channel_id}/link", {
          params: pathOf(companyId, channelId),
        }),
      ),
    onSuccess: refresh,
  });
}

function useRefresh(companyId: string) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: keyOf(companyId) });
}
