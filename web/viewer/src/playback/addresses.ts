/** What is needed of a `<video>`. */
export type Played = Pick<
  HTMLVideoElement,
  "src" | "currentTime" | "paused" | "play" | "addEventListener" | "dispatchEvent"
>;

export interface Surroundings {
  now(): number;
  fetch(url: string): Promise<Response>;
}

const BROWSER: Surroundings = { now: () => performance.now(), fetch: (url) => fetch(url) };

/** A file that does not come although its address is new is broken: no second try in this time. */
const PAUSE_MS = 30_000;

/**
 * Lets `video` go on when its address has ended: addresses of files are good for minutes, and a visitor may
 * look for longer. What it played is looked for in a new manifest, and goes on where it stopped. Call before
 * others listen for errors: they hear of those alone that a new address did not mend.
 */
export function renewAddresses(
  video: Played,
  contentId: string,
  around: Surroundings = BROWSER,
): void {
  let askedAt = Number.NEGATIVE_INFINITY;
  video.addEventListener("error", (event) => {
    if (around.now() - askedAt < PAUSE_MS) return;
    askedAt = around.now();
    event.stopImmediatePropagation();
    const { src, currentTime, paused } = video;
    void freshAddress(contentId, src, around).then((fresh) => {
      if (!fresh || video.src !== src) {
        if (video.src === src) video.dispatchEvent(new Event("error"));
        return;
      }
      video.src = fresh;
      video.currentTime = currentTime;
      if (!paused) video.play().catch(() => undefined);
    });
  });
}

/**
 * Lets pictures anywhere in `page` come again when their address has ended before they did, each once.
 * Call before others listen for errors: they hear of those alone that a new address did not mend.
 */
export function renewPictures(
  page: EventTarget,
  contentId: string,
  around: Surroundings = BROWSER,
): void {
  const tried = new WeakSet<EventTarget>();
  const onError = (event: Event) => {
    const picture = event.target as HTMLImageElement;
    if (picture.tagName !== "IMG" || tried.has(picture)) return;
    tried.add(picture);
    event.stopImmediatePropagation();
    const { src } = picture;
    void freshAddress(contentId, src, around).then((fresh) => {
      if (picture.src !== src) return;
      if (fresh) picture.src = fresh;
      else picture.dispatchEvent(new Event("error"));
    });
  };
  // Errors of pictures do not rise; on the way down they pass here.
  page.addEventListener("error", onError, { capture: true });
}

/** The address that the file of `ended` has now; null when the print does not open any more. */
export async function freshAddress(
  contentId: string,
  ended: string,
  around: Surroundings = BROWSER,
): Promise<string | null> {
  try {
    const answer = await around.fetch(`/api/v1/viewer/${contentId}/manifest?renewal=true`);
    return answer.ok ? addressOf(fileName(ended), await answer.json()) : null;
  } catch {
    return null;
  }
}

/** The address of the file with this name, wherever in the manifest it stands. */
export function addressOf(name: string, part: unknown): string | null {
  if (typeof part === "string") return fileName(part) === name ? part : null;
  if (typeof part !== "object" || part === null) return null;
  for (const inside of Object.values(part)) {
    const found = addressOf(name, inside);
    if (found) return found;
  }
  return null;
}

/** The file's own name is the hash of its content: the same wherever it is kept. */
function fileName(address: string): string {
  const path = address.split("?")[0] ?? "";
  return path.slice(path.lastIndexOf("/") + 1);
}
