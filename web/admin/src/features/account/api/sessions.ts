import { answer, type Session } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

const KEY = ["sessions"];

/** Every browser and program that is signed in as this person. */
export const sessionsQuery = queryOptions({
  queryKey: KEY,
  queryFn: (): Promise<{ items: Session[] }> => answer(api.GET("/api/v1/auth/sessions")),
});

/** End one session, or all but this one. */
export function useEndSessions() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (which: string | "others") => {
      if (which === "others") await answer(api.POST("/api/v1/auth/sessions/end-others"));
      else {
        const path = { session_id: which };
        await answer(api.DELETE("/api/v1/auth/sessions/{session_id}", { params: { path } }));
      }
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
}
