/** Why this browser can not do it at all. */
export type UnsupportedCause = "insecure" | "in_app" | "no_camera_api" | "no_webassembly";

/** Why it did not work this time; most can be tried again. */
export type FailedCause =
  | "no_manifest"
  | "permission_denied"
  | "no_camera"
  | "camera_busy"
  | "camera_ended"
  | "camera_error"
  | "engine"
  | "target";

/**
 * What the viewer is doing. `engine` and `camera` say which half is ready while the other is awaited;
 * times are milliseconds of the page's clock.
 */
export type ViewerState =
  | { readonly name: "permission"; readonly engine: boolean }
  | { readonly name: "loading"; readonly engine: boolean; readonly camera: boolean }
  | { readonly name: "scanning"; readonly since: number }
  | { readonly name: "tracking"; readonly since: number }
  | { readonly name: "lost"; readonly since: number }
  | { readonly name: "unsupported"; readonly cause: UnsupportedCause }
  | { readonly name: "failed"; readonly cause: FailedCause; readonly engine: boolean };

export type ViewerEvent =
  | { readonly type: "permission_needed" }
  | { readonly type: "start_requested" }
  | { readonly type: "camera_ready"; readonly time: number }
  | { readonly type: "engine_ready"; readonly time: number }
  | { readonly type: "target_seen"; readonly time: number }
  | { readonly type: "target_missed"; readonly time: number }
  | { readonly type: "unsupported"; readonly cause: UnsupportedCause }
  | { readonly type: "failed"; readonly cause: FailedCause };

export const INITIAL_STATE: ViewerState = { name: "loading", engine: false, camera: false };

/** How long a lost print is waited for before the viewer speaks of scanning again. */
export const LOST_MS = 2500;

/** The state after `event`. Events that mean nothing in the present state leave it as it is. */
export function nextState(state: ViewerState, event: ViewerEvent): ViewerState {
  switch (event.type) {
    case "permission_needed":
      return state.name === "loading" ? { name: "permission", engine: state.engine } : state;
    case "start_requested":
      return afterStart(state);
    case "camera_ready":
    case "engine_ready":
      return afterReady(state, event);
    case "target_seen":
    case "target_missed":
      return afterFrame(state, event);
    case "unsupported":
      return { name: "unsupported", cause: event.cause };
    case "failed":
      return afterFailure(state, event.cause);
  }
}

function afterStart(state: ViewerState): ViewerState {
  return state.name === "permission" || state.name === "failed"
    ? { name: "loading", engine: state.engine, camera: false }
    : state;
}

function afterReady(
  state: ViewerState,
  { type, time }: { type: "camera_ready" | "engine_ready"; time: number },
): ViewerState {
  if (state.name === "permission" || state.name === "failed") {
    // The engine may get ready while a person reads; a camera can not be ready before it was asked for.
    return type === "engine_ready" ? { ...state, engine: true } : state;
  }
  if (state.name !== "loading") return state;
  const engine = state.engine || type === "engine_ready";
  const camera = state.camera || type === "camera_ready";
  return engine && camera ? { name: "scanning", since: time } : { name: "loading", engine, camera };
}

function afterFrame(
  state: ViewerState,
  { type, time }: { type: "target_seen" | "target_missed"; time: number },
): ViewerState {
  switch (state.name) {
    case "scanning":
      return type === "target_seen" ? { name: "tracking", since: time } : state;
    case "tracking":
      return type === "target_missed" ? { name: "lost", since: time } : state;
    case "lost":
      if (type === "target_seen") return { name: "tracking", since: time };
      return time - state.since >= LOST_MS ? { name: "scanning", since: time } : state;
    default:
      return state;
  }
}

/** Failing twice keeps the first cause: it is the one that can be acted upon. */
function afterFailure(state: ViewerState, cause: FailedCause): ViewerState {
  if (state.name === "unsupported" || state.name === "failed") return state;
  const waiting = state.name === "loading" || state.name === "permission";
  const engineBroken = cause === "engine" || cause === "target" || cause === "no_manifest";
  return { name: "failed", cause, engine: !engineBroken && (!waiting || state.engine) };
}

/** Whether trying again can help, so that a button for it is shown. */
export function canRetry(cause: FailedCause): boolean {
  return cause !== "no_manifest" && cause !== "target";
}
