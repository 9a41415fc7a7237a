import { answer, type Me } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { meQuery } from "./get-me";

function answerSecondFactor(code: string): Promise<Me> {
  return answer(api.POST("/api/v1/auth/second-factor", { body: { code } }));
}

/** The second step of signing in: a code from the app, or a recovery code. */
export function useAnswerSecondFactor(onSignedIn: (me: Me) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: answerSecondFactor,
    onSuccess: (me) => {
      queryClient.setQueryData(meQuery.queryKey, me);
      onSignedIn(me);
    },
  });
}
