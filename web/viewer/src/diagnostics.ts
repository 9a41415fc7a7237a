import type { ViewerState } from "./state/viewer_state.js";
import type { ShownFrame } from "./tracking/live_view.js";

/**
 * What tests and measurements may rely on (README, "Watching it from outside"): the state as
 * `<html data-state>`, an `arv:frame` event after every frame that was searched or followed, and performance marks.
 */
export function reportState(state: ViewerState): void {
  document.documentElement.dataset.state = state.name;
  if ("cause" in state) document.documentElement.dataset.cause = state.cause;
  else delete document.documentElement.dataset.cause;
  if (state.name === "scanning") markOnce("arv:scanning");
}

export function reportFrame(state: ViewerState, frame: ShownFrame): void {
  if (frame.corners) markOnce("arv:first-overlay");
  window.dispatchEvent(new CustomEvent("arv:frame", { detail: { state: state.name, ...frame } }));
}

/** One half of the start is done. */
export function reportReady(part: "camera" | "engine"): void {
  markOnce(`arv:${part}-ready`);
}

function markOnce(name: string): void {
  if (performance.getEntriesByName(name).length === 0) performance.mark(name);
}
