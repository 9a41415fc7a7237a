import type { Manifest, ManifestVideo } from "../manifest.js";
import { firstSource, type Line, type Source, sourcesOf } from "./sources.js";
import { watchStalls } from "./stalls.js";

/** A print that was lost for less than this is not worth a pause. */
const HOLD_MS = 700;

/** The video on the print: plays while the print is seen, keeps its place while it is not. */
export class Playback {
  readonly video: HTMLVideoElement;
  readonly #onChange: () => void;
  #sources: readonly Source[] = [];
  #source = 0;
  #pauseTimer = 0;
  #blocked = false;
  #held = false;

  /** `onChange` is called when sound or the need of a tap changed. */
  constructor(video: HTMLVideoElement, manifest: Manifest, onChange: () => void) {
    this.video = video;
    this.#onChange = onChange;
    video.muted = true;
    // Pictures of a transparent video are read; from another host that needs its consent.
    if (manifest.video.alpha === "side_by_side") video.crossOrigin = "anonymous";
    this.show(manifest.video);
    watchStalls(video, () => this.#goLighter());
    video.addEventListener("volumechange", onChange);
    document.addEventListener("visibilitychange", () => {
      // No frames come while the page is hidden, so nothing else would stop the sound.
      if (document.hidden) video.pause();
    });
  }

  /** From now on this video plays, from its beginning. */
  show(shown: ManifestVideo): void {
    this.video.poster = shown.poster_url ?? "";
    this.#sources = sourcesOf(shown);
    this.#source = firstSource(this.#sources, (navigator as { connection?: Line }).connection);
    this.video.src = this.#sources[this.#source]?.url ?? shown.url;
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

  /** The line does not carry this file: the next smaller one goes on where it stopped. */
  #goLighter(): void {
    const next = this.#sources[this.#source + 1];
    if (!next) return;
    this.#source += 1;
    const { currentTime, paused } = this.video;
    this.video.src = next.url;
    this.video.currentTime = currentTime;
    if (!paused && !this.#held) void this.#play();
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
