import { answer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { meQuery } from "./get-me";

function signOut() {
  return answer(api.POST("/api/v1/auth/sign-out"));
}

/** End the session and forget everything it had loaded. */
export function useSignOut(onSignedOut: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queryClient.clear();
      queryClient.setQueryData(meQuery.queryKey, null);
      onSignedOut();
    },
  });
}
