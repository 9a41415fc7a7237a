import { answer, type Plan, type PlanCreate, type PlanUpdate } from "@arv/api-client";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/lib/api";

async function listPlans(): Promise<Plan[]> {
  const { items } = await answer<{ items: Plan[] }>(api.GET("/api/v1/plans"));
  return items;
}

/** What this installation offers. */
export const plansQuery = queryOptions({
  queryKey: ["operator", "plans"],
  queryFn: listPlans,
  staleTime: 60_000,
});

export type PlanChange = { create: PlanCreate } | { id: string; update: PlanUpdate };

/** Add a plan, or change one for every company that has it. */
export function useSavePlan(onSaved: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: PlanChange): Promise<Plan> =>
      "create" in change
        ? answer(api.POST("/api/v1/plans", { body: change.create }))
        : answer(
            api.PATCH("/api/v1/plans/{plan_id}", {
              params: { path: { plan_id: change.id } },
              body: change.update,
            }),
          ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["operator"] });
      await queryClient.invalidateQueries({ queryKey: ["subscription"] });
      onSaved();
    },
  });
}
