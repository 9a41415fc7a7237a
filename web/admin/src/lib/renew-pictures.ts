import type { QueryClient } from "@tanstack/react-query";

/** Addresses end after some minutes; one that fails sooner than this fails for another reason. */
const AGAIN_AFTER_MS = 5 * 60 * 1000;

const renewedAt = new WeakMap<QueryClient, Map<string, number>>();

/**
 * Ask anew, once, for the lists that named a picture whose signed address has ended.
 * A page left open has such: the server answers 410, and the lists come with fresh addresses.
 */
export async function renewPicture(
  queryClient: QueryClient,
  address: string,
  now = Date.now(),
): Promise<void> {
  const file = address.split("?", 1)[0] ?? address;
  const known = renewedAt.get(queryClient) ?? new Map<string, number>();
  renewedAt.set(queryClient, known);
  if (now - (known.get(file) ?? Number.NEGATIVE_INFINITY) < AGAIN_AFTER_MS) return;
  known.set(file, now);
  // A list of forty pictures that fail together is asked for once: what is on its way is not begun again.
  await queryClient.refetchQueries(
    { type: "active", predicate: ({ state }) => names(state.data, address) },
    { cancelRefetch: false },
  );
}

function names(data: unknown, address: string): boolean {
  return data !== undefined && JSON.stringify(data).includes(JSON.stringify(address).slice(1, -1));
}
