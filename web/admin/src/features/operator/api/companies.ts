import {
  answer,
  type Company,
  type Erasure,
  type OperatedCompany,
  type Page,
  type Subscription,
  type SubscriptionUpdate,
} from "@arv/api-client";
import {
  infiniteQueryOptions,
  keepPreviousData,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useIdentityGate } from "@/components/identity-gate";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

const ALL = ["operator", "companies"] as const;

export const STATUSES = ["active", "warning", "full", "grace", "lapsed"] as const;
export type Status = (typeof STATUSES)[number];

export function asStatus(value: unknown): Status | undefined {
  return STATUSES.find((status) => status === value);
}

export interface CompanyFilter {
  q?: string;
  status?: Status;
  /** A plan's code. */
  plan?: string;
}

function listCompanies(filter: CompanyFilter, deleted: boolean, cursor?: string) {
  const query = { ...filter, deleted, cursor, limit: 50 };
  const page: Promise<Page<OperatedCompany>> = answer(
    api.GET("/api/v1/operator/companies", { params: { query } }),
  );
  return page;
}

/** All companies by name, or those deleted that can still be restored. */
export const operatedCompaniesQuery = (filter: CompanyFilter, deleted = false) =>
  infiniteQueryOptions({
    queryKey: [...ALL, deleted, filter],
    queryFn: ({ pageParam }) => listCompanies(filter, deleted, pageParam),
    placeholderData: keepPreviousData,
    ...cursorPaging,
  });

export interface NewCompany {
  name: string;
  owner_email: string;
  plan: string;
  language: "en" | "ru";
}

/** A company on its plan, and the mail that invites its first owner. */
export function useCreateCompany(onCreated: (wanted: NewCompany) => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: NewCompany) => answer(api.POST("/api/v1/operator/companies", { body })),
    onSuccess: async (_created, wanted) => {
      await refresh();
      onCreated(wanted);
    },
  });
}

/** Another plan, term or limit. */
export function useUpdateAgreement(companyId: string, onUpdated: () => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: SubscriptionUpdate): Promise<Subscription> =>
      answer(
        api.PATCH("/api/v1/companies/{company_id}/subscription", {
          params: { path: { company_id: companyId } },
          body,
        }),
      ),
    onSuccess: async () => {
      await refresh();
      onUpdated();
    },
  });
}

export function useRestoreCompany(companyId: string, onRestored: () => void) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (): Promise<Company> =>
      answer(
        api.POST("/api/v1/companies/{company_id}/restore", {
          params: { path: { company_id: companyId } },
        }),
      ),
    onSuccess: async () => {
      await refresh();
      onRestored();
    },
  });
}

/** `confirm` is the company's name, typed out. */
export function useEraseCompany(companyId: string, onBegun: () => void) {
  const refresh = useRefresh();
  const gate = useIdentityGate();
  return useMutation({
    mutationFn: (confirm: string): Promise<Erasure> =>
      gate(() =>
        answer(
          api.POST("/api/v1/operator/companies/{company_id}/erasure", {
            params: { path: { company_id: companyId }, query: { confirm } },
          }),
        ),
      ),
    onSuccess: async () => {
      await refresh();
      onBegun();
    },
  });
}

function useRefresh() {
  const queryClient = useQueryClient();
  return async () => {
    await queryClient.invalidateQueries({ queryKey: ["operator"] });
    await queryClient.invalidateQueries({ queryKey: ["subscription"] });
    await queryClient.invalidateQueries({ queryKey: ["me"] });
  };
}
