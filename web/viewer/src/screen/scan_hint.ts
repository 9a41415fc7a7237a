import type { Manifest } from "../manifest.js";
import type { ViewerState } from "../state/viewer_state.js";
import type { Translate } from "../text/translate.js";
import { announce } from "./announcer.js";
import { coachLine } from "./coach.js";
import { element } from "./elements.js";

/** What to point at, and after some seconds how. */
export class ScanHint {
  readonly #translate: Translate;
  /** The company's own words while searching. */
  readonly #ownHint: string | null;
  #said = "";

  constructor(manifest: Manifest, translate: Translate) {
    this.#translate = translate;
    this.#ownHint = manifest.company.texts?.hint ?? null;
    const thumbnail = element<HTMLImageElement>("thumbnail");
    thumbnail.src = manifest.image.thumbnail_url ?? manifest.image.url;
    thumbnail.alt = translate("print_alt");
    const aspect = manifest.image.width / manifest.image.height;
    element("brackets").style.setProperty("--aspect", String(aspect));
  }

  render(state: ViewerState): void {
    const titles = { loading: "loading", scanning: "scan_title", lost: "lost_title" } as const;
    const key = titles[state.name as keyof typeof titles];
    const own = state.name === "scanning" ? this.#ownHint : null;
    const title = own ?? (key && this.#translate(key));
    if (title) element("hint-title").textContent = title;
    if (state.name !== "scanning") this.#setCoach("");
    if (state.name === "tracking") announce(this.#translate("found"));
    else if (title) announce(title);
  }

  /** Call now and then while scanning. `level` is the brightness of the frame, 0..255. */
  coach(state: ViewerState, now: number, level: number, hasTorch: boolean): void {
    if (state.name !== "scanning") return;
    const key = coachLine(now - state.since, level, hasTorch);
    this.#setCoach(key ? this.#translate(key) : "");
  }

  #setCoach(sentence: string): void {
    if (sentence === this.#said) return;
    this.#said = sentence;
    element("coach").textContent = sentence;
    if (sentence) announce(sentence);
  }
}
