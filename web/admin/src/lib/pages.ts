import type { Page } from "@arv/api-client";

/** Cards on one page of a list. */
export const PAGE_SIZE = 24;

/** The `infiniteQueryOptions` every cursor-paged list shares. */
export const cursorPaging = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: Page<unknown>) => last.next_cursor ?? undefined,
};

/** All items loaded so far. */
export function itemsOf<T>(data: { pages: Page<T>[] } | undefined): T[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}
