/** One file to play, and smaller ones of the same. */
export interface ManifestVideo {
  readonly url: string;
  readonly media_type: string;
  readonly width: number;
  readonly height: number;
  readonly duration_seconds: number;
  readonly has_audio: boolean;
  readonly poster_url: string | null;
  /** `side_by_side`: the file is twice as wide, colour at the left and mask at the right. */
  readonly alpha?: "none" | "side_by_side";
  readonly renditions?: readonly {
    readonly url: string;
    readonly width: number;
    readonly height: number;
    readonly bitrate: number;
    readonly size_bytes: number;
    readonly alpha: "none" | "side_by_side";
  }[];
}

/** What the server put into the page: one content, everything needed to show it. */
export interface Manifest {
  readonly version: 1;
  readonly id: string;
  readonly title: string;
  readonly company: {
    readonly name: string;
    readonly accent_color: string | null;
    readonly logo_url: string | null;
    readonly background_color?: string | null;
    readonly ink_color?: string | null;
    readonly logo_width?: number | null;
    readonly logo_height?: number | null;
    /** The company's own words, in the page's language. */
    readonly texts?: { readonly title?: string | null; readonly hint?: string | null };
  };
  readonly target: {
    readonly url: string;
    readonly size_bytes: number;
    readonly width: number;
    readonly height: number;
  };
  readonly image: {
    readonly url: string;
    readonly thumbnail_url: string | null;
    readonly width: number;
    readonly height: number;
  };
  readonly video: ManifestVideo;
  /** Each view of one visitor shows the next of these. */
  readonly sequence?: {
    readonly videos: readonly ManifestVideo[];
    readonly at_end: "again" | "stay";
  } | null;
  /** Until when `video` is right; null or nothing: no change is known. */
  readonly valid_until?: string | null;
  readonly language: "en" | "ru" | null;
  readonly call_to_action?: { readonly label: string; readonly url: string } | null;
}

/** The manifest in `page`, or null when there is none (the page was opened without the server). */
export function readManifest(page: Document): Manifest | null {
  return parseManifest(page.getElementById("arv-manifest")?.textContent ?? "null");
}

/** The manifest a text holds, or null when it holds none we understand. */
export function parseManifest(text: string): Manifest | null {
  try {
    const manifest = JSON.parse(text) as Manifest | null;
    return manifest?.version === 1 && manifest.target && manifest.video ? manifest : null;
  } catch {
    return null;
  }
}
