import { answer, type Me, type SecondStep } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { keepOneTimePassword } from "../one-time-password";
import { meQuery } from "./get-me";

interface Credentials {
  email: string;
  password: string;
}

function signIn(body: Credentials): Promise<Me | SecondStep> {
  return answer<Me | SecondStep>(api.POST("/api/v1/auth/sign-in", { body }));
}

/** `onCodeWanted` is called when the password was right and a code is asked for next. */
export function useSignIn(onSignedIn: (me: Me) => void, onCodeWanted: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: signIn,
    onSuccess: (answered, { password }) => {
      if ("second_factor" in answered) {
        onCodeWanted();
        return;
      }
      if (answered.user.must_change_password) keepOneTimePassword(password);
      queryClient.setQueryData(meQuery.queryKey, answered);
      onSignedIn(answered);
    },
  });
}
