import { useState } from "react";

/**
 * The secret part of a mailed link, which stands behind its `#`: browsers send that to no server. It is
 * taken out of the address, so that it stays in no history and on no shared screen.
 */
export function useLinkToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  if (token && window.location.hash) {
    window.history.replaceState(window.history.state, "", window.location.pathname);
  }
  return token;
}
