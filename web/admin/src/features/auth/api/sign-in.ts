import { answer, type Me } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { keepOneTimePassword } from "../one-time-password";
import { meQuery } from "./get-me";

interface Credentials {
  email: string;
  password: string;
}

function signIn(body: Credentials): Promise<Me> {
  return answer(api.POST("/api/v1/auth/sign-in", { body }));
}

export function useSignIn(onSignedIn: (me: Me) => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: signIn,
    onSuccess: (me, { password }) => {
      if (me.user.must_change_password) keepOneTimePassword(password);
      queryClient.setQueryData(meQuery.queryKey, me);
      onSignedIn(me);
    },
  });
}
