import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Change, listenLive } from "@/lib/live";

/** Which queries a change makes stale, by what it is about: their keys hold this word and the company. */
const STALE: Record<string, readonly string[]> = {
  content: ["contents", "projects", "subscription"],
  target: ["contents"],
  video: ["contents"],
  schedule: ["contents", "schedule"],
  job: ["contents", "jobs"],
  project: ["projects", "contents"],
  upload: ["subscription"],
  import: ["imports", "contents"],
  export: ["exports"],
  member: ["members"],
  membership: ["members"],
  invitation: ["invitations"],
  api_key: ["api-keys"],
  domain: ["domain"],
  look: ["look"],
  storage: ["storage", "storage-connections"],
  storage_connection: ["storage"],
  notification_channel: ["notification-channels"],
  webhook: ["webhooks"],
  subscription: ["subscription"],
  quota: ["subscription"],
};

const GATHER_MS = 250;

/** Keep what the screens show of the company in step with what others change. */
export function useLiveUpdates(companyId: string | undefined) {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (!companyId) return;
    const gathered = new Set<string>();
    let timer: number | undefined;
    const flush = () => {
      timer = undefined;
      for (const key of gathered) invalidate(queryClient, key, companyId);
      gathered.clear();
    };
    const stop = listenLive(companyId, {
      onChange: (change) => {
        for (const key of staleAfter(change)) gathered.add(key);
        timer ??= window.setTimeout(flush, GATHER_MS);
      },
      onResync: () => void queryClient.invalidateQueries(),
    });
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, [companyId, queryClient]);
}

/** The first parts of the keys that a change makes stale. */
export function staleAfter({ name }: Change): readonly string[] {
  const noun = name.split(".")[0] ?? "";
  if (noun === "notification") return ["notifications"];
  const known = STALE[noun] ?? [];
  // Word of progress is no event: the log stays as it is.
  return name.endsWith(".progress") ? known : [...known, "events"];
}

function invalidate(queryClient: QueryClient, area: string, companyId: string) {
  const isOwn = area === "notifications";
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => queryKey.includes(area) && (isOwn || queryKey.includes(companyId)),
  });
}
