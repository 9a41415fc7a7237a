import { answerTagged, type NotificationPreferences } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

export const preferencesQuery = queryOptions({
  queryKey: ["notification-preferences"],
  queryFn: () => answerTagged(api.GET("/api/v1/notifications/preferences")),
});

export type Kind = NotificationPreferences["kinds"][number]["kind"];
type Email = Partial<Record<Kind, boolean>>;

interface Change {
  digest?: NotificationPreferences["digest"];
  time_zone?: string | null;
  email?: Email;
}

/** Each switch saves itself; what the server answers is what is shown. */
export function useUpdatePreferences() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) =>
      answerTagged(api.PATCH("/api/v1/notifications/preferences", { body: change as never })),
    onSuccess: (saved) => queryClient.setQueryData(preferencesQuery.queryKey, saved),
  });
}
