/** ARV's own signal colour, when a company has none. */
export const DEFAULT_ACCENT = "#ff5b3a";

/** In order of preference. On every colour there is, black or white has 4.58 : 1 or more. */
const TEXT_COLORS = ["#16181d", "#ffffff", "#000000"];
export const AA_CONTRAST = 4.5;

/** A colour of the form #rgb or #rrggbb, else ARV's own. The value comes from people. */
export function accentOf(color: string | null): string {
  return hexOf(color) ?? DEFAULT_ACCENT;
}

/** The colour as #rrggbb; null when it is none. */
export function hexOf(color: string | null): string | null {
  if (!color || !/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(color)) return null;
  return color.length === 4 ? color.replace(/[0-9a-f]/gi, "$&$&") : color;
}

/** Ink, white or black: the first that is readable on `background` by WCAG AA. */
export function textOn(background: string): string {
  const readable = (color: string) => contrast(background, color) >= AA_CONTRAST;
  return TEXT_COLORS.find(readable) ?? "#000000";
}

/** Contrast ratio 1..21 (WCAG 2.2, "contrast ratio"). */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance 0..1 (WCAG 2.2). */
function luminance(color: string): number {
  const hex = hexOf(color) ?? DEFAULT_ACCENT;
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const [red, green, blue] = linear as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Lets the page wear the company's colour. */
export function wearAccent(root: HTMLElement, color: string | null): void {
  const accent = accentOf(color);
  root.style.setProperty("--accent", accent);
  root.style.setProperty("--on-accent", textOn(accent));
}
