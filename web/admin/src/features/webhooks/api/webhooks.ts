import { answer, type Page, type WebhookDelivery } from "@arv/api-client";
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

const keyOf = (companyId: string) => ["webhooks", companyId] as const;
const ONE = "/api/v1/companies/{company_id}/webhooks/{webhook_id}";
const pathOf = (companyId: string, webhookId: string) => ({
  path: { company_id: companyId, webhook_id: webhookId },
});

export const webhooksQuery = (companyId: string) =>
  queryOptions({
    queryKey: keyOf(companyId),
    queryFn: () =>
      answer(
        api.GET("/api/v1/companies/{company_id}/webhooks", {
          params: { path: { company_id: companyId } },
        }),
      ),
  });

export interface WebhookFields {
  url: string;
  description: string;
  events: string[];
}

/** A new webhook with its secret, which is never shown again. */
export function useCreateWebhook(companyId: string) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (body: WebhookFields) =>
      answer(
        api.POST("/api/v1/companies/{company_id}/webhooks", {
          params: { path: { company_id: companyId } },
          body,
        }),
      ),
    onSuccess: refresh,
  });
}

export function useUpdateWebhook(companyId: string, webhookId: string, onSaved: () => void) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (body: Partial<WebhookFields> & { enabled?: boolean }) =>
      answer(api.PATCH(ONE, { params: pathOf(companyId, webhookId), body })),
    onSuccess: async () => {
      await refresh();
      onSaved();
    },
  });
}

export function useRemoveWebhook(companyId: string, webhookId: string, onRemoved: () => void) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: () => answer(api.DELETE(ONE, { params: pathOf(companyId, webhookId) })),
    onSuccess: async () => {
      onRemoved();
      await refresh();
    },
  });
}

/** A new secret; for a day the old one signs too. */
export function useRotateSecret(companyId: string, webhookId: string) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: () =>
      answer(
        api.POST(`${ONE}/rotate`, {
          params: pathOf(companyId, webhookId),
          body: { overlap_hours: 24 },
        }),
      ),
    onSuccess: refresh,
  });
}

export function usePing(companyId: string, webhookId: string) {
  return useMutation({
    mutationFn: () => answer(api.POST(`${ONE}/ping`, { params: pathOf(companyId, webhookId) })),
  });
}

/** What a webhook got, newest first. */
export const webhookDeliveriesQuery = (companyId: string, webhookId: string) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(companyId), webhookId, "deliveries"],
    queryFn: ({ pageParam }): Promise<Page<WebhookDelivery>> =>
      answer(
        api.GET(`${ONE}/deliveries`, {
          params: { ...pathOf(companyId, webhookId), query: { cursor: pageParam, limit: 20 } },
        }),
      ),
    ...cursorPaging,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.items.some((one) => one.state === "queued")) ? 3000 : false,
  });

export function useReplay(companyId: string, webhookId: string, deliveryId: string) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: () =>
      answer(
        api.POST(`${ONE}/deliveries/{delivery_id}/replay`, {
          params: {
            path: { company_id: companyId, webhook_id: webhookId, delivery_id: deliveryId },
          },
        }),
      ),
    onSuccess: refresh,
  });
}

/** The events of a time once more, also those it never got. */
export function useReplayRange(companyId: string, webhookId: string) {
  const refresh = useRefresh(companyId);
  return useMutation({
    mutationFn: (body: { since: string; until: string }) =>
      answer(api.POST(`${ONE}/replay`, { params: pathOf(companyId, webhookId), body })),
    onSuccess: refresh,
  });
}

function useRefresh(companyId: string) {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: keyOf(companyId) });
}
