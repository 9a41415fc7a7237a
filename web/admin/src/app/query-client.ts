import { Problem } from "@arv/api-client";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";

/** A query cache that calls `onSignedOut` as soon as any answer says the session is over. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isSignedOut(error)) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: worthRetrying,
        retryDelay: (attempt) => 500 * 2 ** attempt,
      },
    },
  });
}

/** Wrong credentials are a 401 too, but not the end of a session. */
const WRONG_ANSWERS = ["invalid_credentials", "wrong_second_factor", "challenge_expired"];

function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401 && !WRONG_ANSWERS.includes(error.code);
}

/** Only what may heal by itself is asked again: no answer, or the server's own trouble. */
export function worthRetrying(failures: number, error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return failures < 2 && (error.status === 0 || error.status >= 500);
}
