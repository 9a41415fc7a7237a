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
  return (await settled(call)).data as T;
}

/** One thing with the entity tag it was answered with, which a later change can be made to depend on. */
export type Tagged<T> = T & { etag?: string };

/** As `answer`, with the tag of the version that was read. */
export async function answerTagged<T extends object>(call: Promise<Result<T>>): Promise<Tagged<T>> {
  const { data, response } = await settled(call);
  // A proxy that compresses makes the tag weak, and a weak one is no ground to change anything on.
  const etag = response.headers.get("ETag")?.replace(/^W\//, "");
  return { ...(data as T), etag };
}

async function settled<T>(call: Promise<Result<T>>): Promise<Result<T>> {
  let result: Result<T>;
  try {
    result = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw unreachable();
  }
  if (!result.response.ok) throw problemFrom(result.response.status, result.error);
  return result;
}
