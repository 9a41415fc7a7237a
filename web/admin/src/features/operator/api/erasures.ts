import { answer, type Erasure, type Page } from "@arv/api-client";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import { cursorPaging } from "@/lib/pages";

const POLL_MS = 2000;

function listErasures(cursor?: string): Promise<Page<Erasure>> {
  return answer(api.GET("/api/v1/operator/erasures", { params: { query: { cursor } } }));
}

/** What was erased, newest first; asked for again while an erasure runs. */
export const erasuresQuery = infiniteQueryOptions({
  queryKey: ["operator", "erasures"],
  queryFn: ({ pageParam }) => listErasures(pageParam),
  refetchInterval: ({ state }) =>
    state.data?.pages.some((page) => page.items.some((one) => one.state === "running"))
      ? POLL_MS
      : false,
  ...cursorPaging,
});
