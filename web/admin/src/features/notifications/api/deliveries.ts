import { answer, type NotificationDelivery, type Page } from "@arv/api-client";
import { infiniteQueryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

export type DeliveryState = NotificationDelivery["state"];

const keyOf = (companyId: string) => ["notification-deliveries", companyId] as const;

/** What was sent for the company, newest first. */
export const deliveriesQuery = (companyId: string, state?: DeliveryState) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(companyId), state],
    queryFn: ({ pageParam }): Promise<Page<NotificationDelivery>> =>
      answer(
        api.GET("/api/v1/companies/{company_id}/notification-deliveries", {
          params: { path: { company_id: companyId }, query: { cursor: pageParam, state } },
        }),
      ),
    ...cursorPaging,
  });

export function useResend(companyId: string, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/companies/{company_id}/notification-deliveries/{message_id}/resend", {
          params: { path: { company_id: companyId, message_id: id } },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keyOf(companyId) }),
  });
}
