import { element } from "./elements.js";

const TOAST_MS = 2600;
let timer = 0;

/** Says `sentence` to screen readers. The same sentence twice is said once. */
export function announce(sentence: string): void {
  const status = element("status");
  if (status.textContent !== sentence) status.textContent = sentence;
}

/** Shows `sentence` for a moment, and says it. */
export function toast(sentence: string): void {
  const box = element("toast");
  box.textContent = sentence;
  box.hidden = false;
  announce(sentence);
  clearTimeout(timer);
  timer = setTimeout(() => {
    box.hidden = true;
  }, TOAST_MS) as unknown as number;
}
