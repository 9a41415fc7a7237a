import type { Manifest } from "../manifest.js";
import { AA_CONTRAST, contrast, hexOf, textOn, wearAccent } from "./accent.js";
import { element } from "./elements.js";

type Company = Manifest["company"];

/** What the page wears of the company's colours, readable whatever was chosen. */
export interface Colors {
  readonly paper: string;
  readonly text: string;
  readonly soft: string;
  readonly sheet: string;
  readonly line: string;
}

/** Lets the page wear the company's colours and logo. */
export function wearLook(root: HTMLElement, company: Company | null): void {
  wearAccent(root, company?.accent_color ?? null);
  const colors = company && colorsOf(company);
  if (colors) {
    for (const [name, color] of Object.entries({
      "--paper": colors.paper,
      "--text": colors.text,
      "--text-soft": colors.soft,
      "--sheet": colors.sheet,
      "--wash": colors.sheet,
      "--line": colors.line,
    })) {
      root.style.setProperty(name, color);
    }
  }
  if (company) wearLogo(company);
}

/** Null where the company leaves the background to us: then the phone's light or dark theme stands. */
export function colorsOf({ background_color, ink_color }: Company): Colors | null {
  const paper = hexOf(background_color ?? null);
  if (!paper) return null;
  const ink = hexOf(ink_color ?? null);
  const text = ink && contrast(paper, ink) >= AA_CONTRAST ? ink : textOn(paper);
  const soft = mix(text, paper, 0.25);
  return {
    paper,
    text,
    soft: contrast(paper, soft) >= AA_CONTRAST ? soft : text,
    sheet: mix(paper, text, 0.05),
    line: mix(paper, text, 0.2),
  };
}

/** `share` of `other` in `color`; both #rrggbb. */
function mix(color: string, other: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [color, other].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16));
    const mixed = Math.round((a as number) * (1 - share) + (b as number) * share);
    return mixed.toString(16).padStart(2, "0");
  });
  return `#${channels.join("")}`;
}

/** The logo stands for the name, which stays there for who does not see it. */
function wearLogo({ logo_url, logo_width, logo_height, name }: Company): void {
  if (!logo_url) return;
  const logo = element<HTMLImageElement>("panel-logo");
  logo.alt = name;
  if (logo_width && logo_height) {
    logo.width = logo_width;
    logo.height = logo_height;
  }
  const show = (shown: boolean) => {
    logo.hidden = !shown;
    element("panel-company").hidden = shown;
  };
  logo.addEventListener("error", () => show(false));
  logo.src = logo_url;
  show(true);
}
