import { answer } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { forgetOneTimePassword } from "../one-time-password";
import { meQuery } from "./get-me";

interface PasswordChange {
  current_password: string;
  new_password: string;
}

function changePassword(body: PasswordChange) {
  return answer(api.POST("/api/v1/auth/password", { body }));
}

export function useChangePassword(onChanged: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: changePassword,
    onSuccess: async () => {
      forgetOneTimePassword();
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey, refetchType: "none" });
      await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
      onChanged();
    },
  });
}
