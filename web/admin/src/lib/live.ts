/** Whether changes reach this tab by themselves. While they do, asking is only there for what got lost. */
let connected = false;

const SLOW_MS = 5000;

export function isLive(): boolean {
  return connected;
}

/** How often to ask about something that is on its way: seldom while word of it comes by itself. */
export function paced(milliseconds: number): number {
  return connected ? Math.max(milliseconds, SLOW_MS) : milliseconds;
}

export interface Change {
  name: string;
  id?: string;
}

interface Listener {
  onChange: (change: Change) => void;
  /** Word may have been missed: everything shown is to be read again. */
  onResync: () => void;
}

const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Listen to the changes in a company for as long as the tab is looked at: browsers give a site six
 * connections, and hidden tabs would use them up. Returns what ends it.
 */
export function listenLive(companyId: string, listener: Listener): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let pause = FIRST_PAUSE_MS;
  let missed = false;

  const close = () => {
    window.clearTimeout(timer);
    source?.close();
    source = undefined;
    connected = false;
  };
  const open = () => {
    close();
    source = new EventSource(`/api/v1/companies/${companyId}/events/live`);
    source.addEventListener("open", () => {
      connected = true;
      pause = FIRST_PAUSE_MS;
      if (missed) listener.onResync();
      missed = true;
    });
    source.addEventListener("change", (event) => listener.onChange(JSON.parse(event.data)));
    source.addEventListener("resync", () => listener.onResync());
    source.addEventListener("error", () => {
      connected = false;
      // The browser connects again by itself unless the answer was a refusal.
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = window.setTimeout(open, pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    });
  };
  const look = () => (document.visibilityState === "visible" ? open() : close());

  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    close();
  };
}
