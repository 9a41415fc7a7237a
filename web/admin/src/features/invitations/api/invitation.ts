import { answer, type InvitationPreview, type Me } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

/** What the link invites to. */
export const previewQuery = (token: string) =>
  queryOptions({
    queryKey: ["invitation", token],
    queryFn: (): Promise<InvitationPreview> =>
      answer(api.POST("/api/v1/invitations/preview", { body: { token } })),
    staleTime: 0,
  });

interface Acceptance {
  token: string;
  name?: string;
  password?: string;
}

/** Join: with the token alone when signed in, else with a name and a password of one's own. */
export function useAccept(onAccepted: (me: Me) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Acceptance): Promise<Me> =>
      answer(api.POST("/api/v1/invitations/accept", { body })),
    onSuccess: (me) => {
      queryClient.setQueryData(["me"], me);
      onAccepted(me);
    },
  });
}
