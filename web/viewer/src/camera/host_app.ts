/** Browsers inside other apps, which often may not use the camera. Order matters: first match wins. */
const HOST_APPS: readonly (readonly [RegExp, string])[] = [
  [/Instagram/i, "Instagram"],
  [/FBAN|FBAV|FB_IAB/, "Facebook"],
  [/Telegram/i, "Telegram"],
  [/VKAndroidApp|VKiOS|vkclient/i, "VK"],
  [/MicroMessenger/i, "WeChat"],
  [/musical_ly|BytedanceWebview|TikTok/i, "TikTok"],
  [/\bLine\//, "LINE"],
  [/OKApp|ok\.ru/i, "OK"],
  [/Snapchat/i, "Snapchat"],
  [/WhatsApp/i, "WhatsApp"],
  [/Viber/i, "Viber"],
];

/** The app whose built-in browser this is, or null for a browser of its own. */
export function hostAppOf(userAgent: string): string | null {
  return HOST_APPS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
}

export type Platform = "ios" | "android" | "desktop";
export type BrowserKind = "safari" | "chrome" | "firefox" | "other";

/** Where the person has to look for the camera permission. */
export function browserOf(userAgent: string): { platform: Platform; browser: BrowserKind } {
  const platform = /iPhone|iPad|iPod/.test(userAgent)
    ? "ios"
    : /Android/.test(userAgent)
      ? "android"
      : "desktop";
  return { platform, browser: kindOf(userAgent) };
}

function kindOf(userAgent: string): BrowserKind {
  if (/Firefox|FxiOS/.test(userAgent)) return "firefox";
  if (/Chrome|CriOS|Edg|YaBrowser/.test(userAgent)) return "chrome";
  return /Safari/.test(userAgent) ? "safari" : "other";
}

/** A link that opens `page` in a real browser, where the platform knows such a thing. */
export function externalBrowserLink(page: URL, platform: Platform): string | null {
  if (platform !== "android" || page.protocol !== "https:") return null;
  return `intent://${page.host}${page.pathname}${page.search}#Intent;scheme=https;end`;
}
