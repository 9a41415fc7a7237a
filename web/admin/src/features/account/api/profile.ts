import { answer, type User } from "@arv/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useIdentityGate } from "@/components/identity-gate";
import { api } from "@/lib/api";

interface ProfileChange {
  name?: string;
  language?: User["language"];
}

function updateProfile(body: ProfileChange): Promise<User> {
  return answer(api.PATCH("/api/v1/profile", { body }));
}

/** Change the name or the language; whoever shows the signed-in person shows the new one. */
export function useUpdateProfile(onUpdated?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: updateProfile,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["me"] });
      onUpdated?.();
    },
  });
}

/** Has a link mailed to a new address; the old one stays until it is opened. */
export function useChangeEmail() {
  const gate = useIdentityGate();
  return useMutation({
    mutationFn: (new_email: string) =>
      gate(() => answer(api.POST("/api/v1/profile/email", { body: { new_email } }))),
  });
}
