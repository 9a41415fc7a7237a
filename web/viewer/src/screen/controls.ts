import type { Size } from "@arv/engine";
import type { Camera } from "../camera/camera.js";
import type { Manifest } from "../manifest.js";
import type { Playback } from "../playback/playback.js";
import type { Stage } from "../stage/stage.js";
import type { Translate } from "../text/translate.js";
import { toast } from "./announcer.js";
import { element, nameButton } from "./elements.js";
import { sharePicture, takeSnapshot } from "./snapshot.js";

/** The buttons over the camera picture. */
export class Controls {
  readonly #say: Translate;
  readonly #hasAudio: boolean;

  constructor(manifest: Manifest, translate: Translate) {
    this.#say = translate;
    this.#hasAudio = manifest.video.has_audio;
    this.#bindFullscreen();
    this.#bindCopy();
    showCallToAction(manifest);
  }

  bindPlayback(playback: Playback): void {
    element("sound").addEventListener("click", () => {
      if (this.#hasAudio) playback.toggleSound();
      else playback.playAfterTap();
    });
    this.renderSound(playback);
  }

  /** Sound is offered when there is any; a blocked video asks for its tap with the same button. */
  renderSound(playback: Playback): void {
    const button = element("sound");
    const silent = playback.muted || playback.blocked;
    const name = playback.blocked ? "tap_to_play" : silent ? "sound_on" : "sound_off";
    button.hidden = !this.#hasAudio && !playback.blocked;
    button.classList.toggle("compact", !silent);
    nameButton(button, this.#say(name));
    const label = button.querySelector("[data-label]");
    if (label) label.textContent = this.#say(name);
  }

  bindSnapshot(stage: Stage, video: HTMLVideoElement, print: Size, title: string): void {
    const button = element("snapshot");
    nameButton(button, this.#say("snapshot"));
    button.addEventListener("click", async () => {
      flash();
      try {
        const outcome = await sharePicture(await takeSnapshot(stage, video, print), title);
        if (outcome === "saved") toast(this.#say("snapshot_saved"));
      } catch {
        toast(this.#say("snapshot_failed"));
      }
    });
  }

  bindTorch(camera: Camera): void {
    const button = element("torch");
    button.hidden = !camera.hasTorch;
    nameButton(button, this.#say("torch_on"));
    button.onclick = async () => {
      const lit = await camera.setTorch(button.getAttribute("aria-pressed") !== "true");
      button.setAttribute("aria-pressed", String(lit));
      nameButton(button, this.#say(lit ? "torch_off" : "torch_on"));
    };
  }

  #bindFullscreen(): void {
    const button = element("fullscreen");
    button.hidden = !document.fullscreenEnabled;
    const name = () =>
      nameButton(button, this.#say(document.fullscreenElement ? "fullscreen_exit" : "fullscreen"));
    name();
    document.addEventListener("fullscreenchange", name);
    button.addEventListener("click", () => {
      const done = document.fullscreenElement
        ? document.exitFullscreen()
        : document.documentElement.requestFullscreen();
      done.catch(() => {
        // The browser may refuse; the page is complete without it.
      });
    });
  }

  #bindCopy(): void {
    element("panel-copy").addEventListener("click", async () => {
      await navigator.clipboard.writeText(location.href);
      toast(this.#say("link_copied"));
    });
  }
}

function flash(): void {
  const view = element("view");
  view.classList.remove("flash");
  // Reading a size makes the browser see the class as gone, so that the animation starts anew.
  void view.offsetWidth;
  view.classList.add("flash");
}

function showCallToAction({ call_to_action: action }: Manifest): void {
  if (!action || !/^https:\/\//i.test(action.url)) return;
  const link = element<HTMLAnchorElement>("call-to-action");
  link.textContent = action.label;
  link.href = action.url;
  link.hidden = false;
}
