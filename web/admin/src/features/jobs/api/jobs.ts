import {
  answer,
  type CompanyJob,
  type JobsOverview,
  type OperatedJob,
  type Page,
} from "@arv/api-client";
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

const ALL = ["jobs"] as const;
const POLL_MS = 5000;

export interface JobFilter {
  q?: string;
  /** With those whose input was at fault. */
  refused?: boolean;
}

/** How queues, workers and the clock stand; asked again while it is looked at. */
export const overviewQuery = queryOptions({
  queryKey: [...ALL, "overview"],
  queryFn: (): Promise<JobsOverview> => answer(api.GET("/api/v1/operator/jobs/overview")),
  refetchInterval: POLL_MS,
});

function listAllJobs({ q, refused }: JobFilter, cursor?: string): Promise<Page<OperatedJob>> {
  const query = { q, cursor, limit: 50, ...(!refused && { refused: false }) };
  return answer(api.GET("/api/v1/operator/jobs", { params: { query } }));
}

/** What failed in the whole installation, newest first. */
export const allJobsQuery = (filter: JobFilter) =>
  infiniteQueryOptions({
    queryKey: [...ALL, "all", filter],
    queryFn: ({ pageParam }) => listAllJobs(filter, pageParam),
    placeholderData: keepPreviousData,
    ...cursorPaging,
  });

function listCompanyJobs(companyId: string, cursor?: string): Promise<Page<CompanyJob>> {
  const path = { company_id: companyId };
  return answer(
    api.GET("/api/v1/companies/{company_id}/jobs", { params: { path, query: { cursor } } }),
  );
}

/** What failed in the company, newest first. */
export const companyJobsQuery = (companyId: string) =>
  infiniteQueryOptions({
    queryKey: [...ALL, "company", companyId],
    queryFn: ({ pageParam }) => listCompanyJobs(companyId, pageParam),
    ...cursorPaging,
  });

/** What becomes of failed work: begun again, or taken off the list. */
export type Fate = "retry" | "discard";

async function settle(companyId: string | null, fate: Fate, ids: string[]): Promise<number> {
  if (companyId === null) {
    const path = `/api/v1/operator/jobs/${fate}` as const;
    return (await answer(api.POST(path, { body: { ids } }))).changed;
  }
  const path = `/api/v1/companies/{company_id}/jobs/{job_id}/${fate}` as const;
  for (const id of ids) {
    await answer(api.POST(path, { params: { path: { company_id: companyId, job_id: id } } }));
  }
  return ids.length;
}

/** Begin work again, or take it off the list; without a company as the operator. */
export function useSettleJobs(companyId: string | null) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ fate, ids }: { fate: Fate; ids: string[] }) => settle(companyId, fate, ids),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ALL }),
  });
}
