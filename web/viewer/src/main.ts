import "./styles/viewer.css";
import { missingSupport } from "./camera/support.js";
import { reportState } from "./diagnostics.js";
import { readManifest } from "./manifest.js";
import { renewAddresses, renewPictures } from "./playback/addresses.js";
import { element } from "./screen/elements.js";
import { wearLook } from "./screen/look.js";
import { Panel } from "./screen/panel.js";
import { countView, forView, openMemory } from "./sequence.js";
import { ViewerStore } from "./state/store.js";
import { chooseLanguage, translator } from "./text/translate.js";
import { Viewer } from "./viewer.js";

const read = readManifest(document);
const view = read?.sequence ? countView(openMemory(window), read.id) : 0;
const manifest = read && forView(read, view);
const language = chooseLanguage(manifest?.language ?? null, navigator.languages);
const translate = translator(language);
const store = new ViewerStore();

// plain-page.js takes over when this line was never reached.
document.documentElement.dataset.script = "running";
document.documentElement.lang = language;
for (const target of document.querySelectorAll<HTMLElement>("[data-text]")) {
  target.textContent = translate(target.dataset.text as Parameters<typeof translate>[0]);
}

if (manifest) {
  renewPictures(document, manifest.id);
  for (const video of document.querySelectorAll<HTMLVideoElement>("#arv-video, #player video")) {
    renewAddresses(video, manifest.id);
  }
}

const viewer = manifest ? new Viewer(manifest, view, translate, store) : null;
const panel = new Panel(manifest, translate, () => viewer?.start());
wearLook(document.documentElement, manifest?.company ?? null);
store.onChange((state) => {
  panel.render(state);
  reportState(state);
});

if (!manifest || !viewer) {
  store.send({ type: "failed", cause: "no_manifest" });
} else {
  element("company").textContent = manifest.company.name;
  const missing = missingSupport(window);
  if (missing) store.send({ type: "unsupported", cause: missing });
  else void viewer.open();
}
