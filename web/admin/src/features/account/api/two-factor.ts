import { answer, type Enrolment, type TwoFactorStatus } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useIdentityGate } from "@/components/identity-gate";
import { api } from "@/lib/api";

const KEY = ["two-factor"];

export const twoFactorQuery = queryOptions({
  queryKey: KEY,
  queryFn: (): Promise<TwoFactorStatus> => answer(api.GET("/api/v1/auth/two-factor")),
});

/** What the app is told, this once. */
export function useEnrol() {
  const gate = useIdentityGate();
  return useMutation({
    mutationFn: (): Promise<Enrolment> =>
      gate(() => answer(api.POST("/api/v1/auth/two-factor/enrol"))),
  });
}

/** Recovery codes come back: for finishing the set-up, or in place of the old ones. */
export function useRecoveryCodes(route: "confirm" | "recovery-codes") {
  const gate = useIdentityGate();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (code: string): Promise<{ recovery_codes: string[] }> =>
      gate(() => answer(api.POST(`/api/v1/auth/two-factor/${route}`, { body: { code } }))),
    onSuccess: refresh,
  });
}

export function useDisableTwoFactor(onDisabled: () => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: { password: string; code: string }) =>
      answer(api.POST("/api/v1/auth/two-factor/disable", { body })),
    onSuccess: async () => {
      await refresh();
      onDisabled();
    },
  });
}

function useRefresh() {
  const queryClient = useQueryClient();
  return async () => {
    await queryClient.invalidateQueries({ queryKey: KEY });
    await queryClient.invalidateQueries({ queryKey: ["me"] });
  };
}
