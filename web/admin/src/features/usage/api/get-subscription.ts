import { answer, type Subscription } from "@arv/api-client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";

function getSubscription(companyId: string): Promise<Subscription> {
  const path = { company_id: companyId };
  return answer(api.GET("/api/v1/companies/{company_id}/subscription", { params: { path } }));
}

/** The plan of a company and how much of it is used. */
export const subscriptionQuery = (companyId: string) =>
  queryOptions({
    queryKey: ["subscription", companyId],
    queryFn: () => getSubscription(companyId),
  });
