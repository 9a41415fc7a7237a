import { browserOf, externalBrowserLink, hostAppOf, type Platform } from "../camera/host_app.js";
import { canRetry, type ViewerState } from "../state/viewer_state.js";
import type { TextKey } from "../text/en.js";

/** What the panel says and offers in a state; null where the camera picture is shown instead. */
export interface PanelText {
  readonly title: TextKey;
  readonly text: TextKey;
  /** What to tap in this very browser. */
  readonly step: TextKey | null;
  readonly values: Readonly<Record<string, string>>;
  readonly start: "start_button" | "retry" | null;
  readonly privacy: boolean;
  readonly copyLink: boolean;
  /** Opens the page in a real browser. */
  readonly browserLink: string | null;
}

const PLAIN = { step: null, values: {}, privacy: false, copyLink: false, browserLink: null };

export function panelText(state: ViewerState, userAgent: string, page: URL): PanelText | null {
  switch (state.name) {
    case "permission":
      return {
        ...PLAIN,
        title: "start_title",
        text: "start_text",
        start: "start_button",
        privacy: true,
      };
    case "unsupported":
      return unsupportedText(state.cause, userAgent, page);
    case "failed":
      return failedText(state, userAgent, page);
    default:
      return null;
  }
}

function unsupportedText(
  cause: Extract<ViewerState, { name: "unsupported" }>["cause"],
  userAgent: string,
  page: URL,
): PanelText {
  const words = { title: `${cause}_title`, text: `${cause}_text` } as const;
  if (cause !== "in_app") return { ...PLAIN, ...words, start: null, copyLink: true };
  return { ...PLAIN, ...words, start: null, ...wayOut(userAgent, page) };
}

function failedText(
  state: Extract<ViewerState, { name: "failed" }>,
  userAgent: string,
  page: URL,
): PanelText {
  const { cause } = state;
  const start = canRetry(cause) ? "retry" : null;
  if (cause === "permission_denied" && hostAppOf(userAgent)) {
    // Such browsers refuse without asking anybody; a setting to change does not exist.
    return {
      ...PLAIN,
      title: "in_app_title",
      text: "in_app_text",
      start,
      ...wayOut(userAgent, page),
    };
  }
  const step = cause === "permission_denied" ? permissionStep(userAgent) : null;
  return { ...PLAIN, title: `${cause}_title`, text: `${cause}_text`, start, step };
}

function wayOut(userAgent: string, page: URL) {
  const { platform } = browserOf(userAgent);
  return {
    values: { app: hostAppOf(userAgent) ?? "" },
    step: inAppStep(platform),
    copyLink: true,
    browserLink: externalBrowserLink(page, platform),
  };
}

function inAppStep(platform: Platform): TextKey | null {
  if (platform === "ios") return "in_app_ios";
  return platform === "android" ? "in_app_android" : null;
}

function permissionStep(userAgent: string): TextKey {
  const { platform, browser } = browserOf(userAgent);
  if (platform === "ios") return browser === "safari" ? "permission_ios" : "permission_ios_chrome";
  return platform === "android" ? "permission_android" : "permission_desktop";
}
