import type { Manifest, ManifestVideo } from "../manifest.js";
import { plainUrl } from "../playback/sources.js";
import type { Translate } from "../text/translate.js";
import { element, nameButton } from "./elements.js";

/** The video by itself, with the browser's own controls: the way out that always works. */
export class Player {
  readonly #dialog = element<HTMLDialogElement>("player");
  readonly #video: HTMLVideoElement;
  #shown: ManifestVideo;

  /** `onOpenChange` hears whether the player covers the page. */
  constructor(manifest: Manifest, translate: Translate, onOpenChange: (open: boolean) => void) {
    this.#shown = manifest.video;
    this.#video = this.#dialog.querySelector("video") as HTMLVideoElement;
    this.#dialog.setAttribute("aria-label", manifest.title);
    const close = element("player-close");
    nameButton(close, translate("close"));
    close.addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => {
      this.#video.pause();
      onOpenChange(false);
    });
    this.#video.addEventListener("error", () => this.#complain(translate("video_failed")));
    for (const button of document.querySelectorAll("[data-action=play]")) {
      button.addEventListener("click", () => {
        onOpenChange(true);
        this.#open();
      });
    }
  }

  /** From now on this video plays, when the player is opened next. */
  show(shown: ManifestVideo): void {
    this.#shown = shown;
    this.#video.removeAttribute("src");
  }

  #open(): void {
    element("player-problem").hidden = true;
    if (!this.#video.src) {
      this.#video.poster = this.#shown.poster_url ?? "";
      this.#video.src = plainUrl(this.#shown);
    } else if (this.#video.error) {
      this.#video.load();
    }
    this.#dialog.showModal();
    this.#video.play().catch(() => {
      // The controls are there; the person starts it.
    });
  }

  #complain(sentence: string): void {
    const problem = element("player-problem");
    problem.textContent = sentence;
    problem.hidden = false;
  }
}
