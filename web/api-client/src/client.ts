import createClient, { type Client } from "openapi-fetch";
import { problemFrom, unreachable } from "./problem";
import type { paths } from "./schema";

export type ApiClient = Client<paths>;

/** What an openapi-fetch call resolves to, as far as `answer` needs it. */
interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** A client for the API of this host; the session cookie goes with every call. */
export function createApiClient(baseUrl = ""): ApiClient {
  return createClient<paths>({ baseUrl, credentials: "same-origin" });
}

/**
 * The body of a call that succeeded. Throws `Problem` for every answer that is not a success and for
 * a request that got none; an aborted request keeps its `AbortError`.
 */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  let result: Result<T>;
  try {
    result = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw unreachable();
  }
  if (!result.response.ok) throw problemFrom(result.response.status, result.error);
  return result.data as T;
}
