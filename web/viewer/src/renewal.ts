import { type Manifest, type ManifestVideo, parseManifest } from "./manifest.js";
import { forView } from "./sequence.js";

/** Phones whose clock is wrong would otherwise ask again at every scan. */
const PAUSE_MS = 60_000;

export interface RenewalListener {
  /** Another video plays from now on; `manifest` is the new one. */
  onChanged(manifest: Manifest): void;
  /** The print has closed, or is another one: the page must be opened anew to say so. */
  onClosed(): void;
}

export interface Surroundings {
  now(): number;
  fetch(url: string): Promise<Response>;
}

const BROWSER: Surroundings = { now: () => Date.now(), fetch: (url) => fetch(url) };

/**
 * Keeps an open page right when what plays changes: after the manifest's `valid_until` it is asked for once
 * more, at the next scan or when the page comes back into view, never while somebody watches.
 */
export class Renewal {
  #manifest: Manifest;
  readonly #listener: RenewalListener;
  readonly #around: Surroundings;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(manifest: Manifest, listener: RenewalListener, around: Surroundings = BROWSER) {
    this.#manifest = manifest;
    this.#listener = listener;
    this.#around = around;
  }

  /** Call at a good moment for a change; asks only when one is due. */
  async renewIfDue(): Promise<void> {
    if (!this.#isDue()) return;
    this.#askedAt = this.#around.now();
    const url = `/api/v1/viewer/${this.#manifest.id}/manifest?renewal=true`;
    try {
      const answer = await this.#around.fetch(url);
      if (answer.status === 404 || answer.status === 410) this.#listener.onClosed();
      if (answer.ok) this.#take(parseManifest(await answer.text()));
    } catch {
      // No network for the moment: what is there plays on, and the next scan tries again.
    }
  }

  #isDue(): boolean {
    const until = this.#manifest.valid_until;
    const now = this.#around.now();
    return Boolean(until) && Date.parse(until ?? "") <= now && now - this.#askedAt >= PAUSE_MS;
  }

  #take(fresh: Manifest | null): void {
    if (!fresh) return;
    const before = this.#manifest;
    this.#manifest = fresh;
    if (fileOf(fresh.target.url) !== fileOf(before.target.url)) this.#listener.onClosed();
    else this.#listener.onChanged(fresh);
  }
}

/** What can be given another video to play. */
export interface Shows {
  show(video: ManifestVideo): void;
}

/**
 * A renewal that gives the screens the video of the moment, and opens the page anew where that is not
 * enough. It also looks when the page comes back into view.
 */
export function keepRight(manifest: Manifest, view: number, screens: readonly Shows[]): Renewal {
  let shown = manifest.video;
  const renewal = new Renewal(manifest, {
    onChanged(fresh) {
      const { video } = forView(fresh, view);
      if (fileOf(video.url) === fileOf(shown.url)) return;
      // Transparent videos are drawn another way, which is set up when the page opens.
      if (video.alpha !== shown.alpha) location.reload();
      shown = video;
      for (const screen of screens) screen.show(video);
    },
    onClosed: () => location.reload(),
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void renewal.renewIfDue();
  });
  return renewal;
}

/** The file of an address without what signs it. */
export const fileOf = (url: string): string => url.split("?")[0] ?? url;
