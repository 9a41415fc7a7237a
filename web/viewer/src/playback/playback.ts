import type { Manifest } from "../manifest.js";

/** A print that was lost for less than this is not worth a pause. */
const HOLD_MS = 700;

/** The video on the print: plays while the print is seen, keeps its place while it is not. */
export class Playback {
  readonly video: HTMLVideoElement;
  readonly #onChange: () => void;
  #pauseTimer = 0;
  #blocked = false;
  #held = false;

  /** `onChange` is called when sound or the need of a tap changed. */
  constructor(video: HTMLVideoElement, manifest: Manifest, onChange: () => void) {
    this.video = video;
    this.#onChange = onChange;
    video.muted = true;
    if (manifest.video.poster_url) video.poster = manifest.video.poster_url;
    video.src = manifest.video.url;
    video.addEventListener("volumechange", onChange);
    document.addEventListener("visibilitychange", () => {
      // No frames come while the page is hidden, so nothing else would stop the sound.
      if (document.hidden) video.pause();
    });
  }

  get muted(): boolean {
    return this.video.muted;
  }

  /** Whether the browser wants a tap before anything may play (low-power mode of iPhones). */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** The print is seen. */
  resume(): void {
    clearTimeout(this.#pauseTimer);
    if (!this.#held && !this.#blocked && this.video.paused) void this.#play();
  }

  /** The print is lost; it may come back in a moment. */
  pauseSoon(): void {
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = setTimeout(() => this.video.pause(), HOLD_MS) as unknown as number;
  }

  /** Silent and still while something else plays. */
  hold(on: boolean): void {
    this.#held = on;
    if (on) this.video.pause();
  }

  /** Call from a tap: browsers allow sound, and sometimes any play at all, only then. */
  toggleSound(): void {
    this.video.muted = !this.video.muted;
    if (this.#blocked) void this.#play();
  }

  /** Call from a tap. */
  playAfterTap(): void {
    void this.#play();
  }

  async #play(): Promise<void> {
    const blocked = await this.video.play().then(
      () => false,
      (error: unknown) => error instanceof DOMException && error.name === "NotAllowedError",
    );
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#onChange();
  }
}
