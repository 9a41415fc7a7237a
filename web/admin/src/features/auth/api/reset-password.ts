import { answer } from "@arv/api-client";
import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api";

/** Has a link mailed; what comes back never tells whether there is such an account. */
export function useRequestReset() {
  return useMutation({
    mutationFn: (email: string) =>
      answer(api.POST("/api/v1/auth/password-reset", { body: { email } })),
  });
}

interface NewPassword {
  token: string;
  new_password: string;
}

export function useResetPassword(onReset: () => void) {
  return useMutation({
    mutationFn: (body: NewPassword) =>
      answer(api.POST("/api/v1/auth/password-reset/confirm", { body })),
    onSuccess: onReset,
  });
}
