const KEY = "arv.reloaded-at";
/** A second failure so soon is no new release: reloading once more would not help. */
const AGAIN_AFTER_MS = 60_000;

/**
 * Reload once when a part of the panel can no longer be fetched: after an upgrade an open page asks for files
 * of the release before, which are gone.
 */
export function reloadForNewRelease(
  target: EventTarget = window,
  reload: () => void = () => window.location.reload(),
): void {
  target.addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last < AGAIN_AFTER_MS) return;
    sessionStorage.setItem(KEY, String(Date.now()));
    event.preventDefault();
    reload();
  });
}
