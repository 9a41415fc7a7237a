import type { UnsupportedCause } from "../state/viewer_state.js";
import { hostAppOf } from "./host_app.js";

/** What this browser lacks, or null when it has everything. */
export function missingSupport(window: Window & typeof globalThis): UnsupportedCause | null {
  const { navigator } = window;
  if (typeof window.WebAssembly !== "object") return "no_webassembly";
  if (typeof navigator.mediaDevices?.getUserMedia === "function") return null;
  // Browsers hide the camera from pages without encryption; in an app's own browser it is the app.
  if (!window.isSecureContext) return "insecure";
  return hostAppOf(navigator.userAgent) ? "in_app" : "no_camera_api";
}
