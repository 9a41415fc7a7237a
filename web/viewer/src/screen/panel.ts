import type { Manifest } from "../manifest.js";
import type { ViewerState } from "../state/viewer_state.js";
import type { Translate } from "../text/translate.js";
import { element } from "./elements.js";
import { type PanelText, panelText } from "./panel_text.js";

/** The page before the camera, and whenever the camera can not be used. */
export class Panel {
  readonly #panel = element("panel");
  readonly #translate: Translate;
  readonly #manifest: Manifest | null;

  constructor(manifest: Manifest | null, translate: Translate, onStart: () => void) {
    this.#manifest = manifest;
    this.#translate = translate;
    element("panel-start").addEventListener("click", onStart);
    element("panel-company").textContent = manifest?.company.name ?? "ARV";
    element("panel-play").hidden = manifest === null;
    this.#fillHero();
  }

  /** Shows what `state` needs to say, or hides the panel. */
  render(state: ViewerState): void {
    const text = panelText(state, navigator.userAgent, new URL(location.href));
    this.#panel.hidden = text === null;
    // What lies under the panel can not be reached with the keyboard.
    element("view").inert = text !== null;
    if (!text) return;
    this.#fill(text);
    const own = this.#manifest?.company.texts?.title;
    if (state.name === "permission" && own) element("panel-title").textContent = own;
    // The camera's page is gone from under the person's finger: reading goes on here.
    element("panel-title").focus({ preventScroll: true });
  }

  #fill(text: PanelText): void {
    const say = this.#translate;
    element("panel-title").textContent = say(text.title, text.values);
    element("panel-text").textContent = say(text.text, text.values);
    showText("panel-step", text.step && say(text.step));
    showText("panel-start", text.start && say(text.start));
    element("panel-privacy").hidden = !text.privacy;
    element("panel-copy").hidden = !text.copyLink || !navigator.clipboard;
    const link = element<HTMLAnchorElement>("panel-browser");
    link.hidden = text.browserLink === null;
    if (text.browserLink) link.href = text.browserLink;
  }

  #fillHero(): void {
    const image = element<HTMLImageElement>("hero-image");
    const hero = element("hero");
    hero.hidden = this.#manifest === null;
    if (!this.#manifest) return;
    const { url, thumbnail_url: thumbnail, width, height } = this.#manifest.image;
    image.width = width;
    image.height = height;
    image.src = thumbnail ?? url;
    image.alt = this.#translate("print_alt");
    hero.style.setProperty("--aspect", String(width / height));
  }
}

function showText(id: string, text: string | null): void {
  const target = element(id);
  target.hidden = text === null;
  if (text !== null) target.textContent = text;
}
