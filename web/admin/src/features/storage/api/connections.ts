import {
  answer,
  answerTagged,
  type Page,
  type StorageConnection,
  type StorageConnectionCreate,
  type StorageConnectionUpdate,
  type StorageTest,
  type Tagged,
} from "@arv/api-client";
import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

const ONE = "/api/v1/companies/{company_id}/storage-connections/{connection_id}" as const;

const keyOf = (companyId: string) => ["storage-connections", companyId] as const;
const pathOf = (companyId: string, id: string) => ({ company_id: companyId, connection_id: id });

function listConnections(
  companyId: string,
  archived: boolean,
  cursor?: string,
): Promise<Page<StorageConnection>> {
  return answer(
    api.GET("/api/v1/companies/{company_id}/storage-connections", {
      params: { path: { company_id: companyId }, query: { cursor, archived } },
    }),
  );
}

/** The company's connections and those of the installation; or what is in the archive. */
export const connectionsQuery = (companyId: string, archived: boolean) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(companyId), { archived }],
    queryFn: ({ pageParam }) => listConnections(companyId, archived, pageParam),
    ...cursorPaging,
  });

/** One connection with the tag a change of it must name. */
export const connectionQuery = (companyId: string, id: string) =>
  queryOptions({
    queryKey: [...keyOf(companyId), id],
    queryFn: (): Promise<Tagged<StorageConnection>> =>
      answerTagged(api.GET(ONE, { params: { path: pathOf(companyId, id) } })),
  });

export function useCreateConnection(companyId: string, onDone: () => void) {
  const done = useRefresh(companyId, onDone);
  return useMutation({
    mutationFn: (body: StorageConnectionCreate) =>
      answer(
        api.POST("/api/v1/companies/{company_id}/storage-connections", {
          params: { path: { company_id: companyId } },
          body,
        }),
      ),
    onSuccess: done,
  });
}

/** Change a connection; refused when it is no longer the version `etag` names. */
export function useUpdateConnection(companyId: string, id: string, onDone: () => void) {
  const done = useRefresh(companyId, onDone);
  return useMutation({
    mutationFn: ({ etag, ...body }: Tagged<StorageConnectionUpdate>) =>
      answer(
        api.PATCH(ONE, {
          params: { path: pathOf(companyId, id), header: { "if-match": etag } },
          body,
        }),
      ),
    onSuccess: done,
  });
}

/** Use the storage once in every way; what came out is shown where it was asked for. */
export function useTestConnection(companyId: string, id: string) {
  const done = useRefresh(companyId);
  return useMutation({
    mutationFn: (): Promise<StorageTest> =>
      answer(api.POST(`${ONE}/test`, { params: { path: pathOf(companyId, id) } })),
    onSuccess: done,
  });
}

export type Step = "activate" | "archive" | "restore";

/** Take a connection into use, put it away, or take it out again. */
export function useChangeConnection(companyId: string, id: string, onDone: () => void) {
  const done = useRefresh(companyId, onDone);
  return useMutation({
    mutationFn: (step: Step) =>
      answer(api.POST(`${ONE}/${step}`, { params: { path: pathOf(companyId, id) } })),
    onSuccess: done,
  });
}

export function useDeleteConnection(companyId: string, id: string, onDone: () => void) {
  const done = useRefresh(companyId, onDone);
  return useMutation({
    mutationFn: () => answer(api.DELETE(ONE, { params: { path: pathOf(companyId, id) } })),
    onSuccess: done,
  });
}

function useRefresh(companyId: string, onDone?: () => void) {
  const queryClient = useQueryClient();
  return async () => {
    onDone?.();
    await queryClient.invalidateQueries({ queryKey: keyOf(companyId) });
  };
}
