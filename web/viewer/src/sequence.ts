import type { Manifest } from "./manifest.js";

/** What is needed of `localStorage`. */
export type Memory = Pick<Storage, "getItem" | "setItem">;

/**
 * Counts this opening of the print in the visitor's own browser, from 0, and tells its number. Nothing is
 * sent anywhere. Where nothing can be kept, every opening is the first.
 */
export function countView(memory: Memory | null, contentId: string): number {
  const key = `arv-views-${contentId}`;
  try {
    const kept = Number(memory?.getItem(key) ?? 0);
    const view = Number.isSafeInteger(kept) && kept >= 0 ? kept : 0;
    memory?.setItem(key, String(view + 1));
    return view;
  } catch {
    return 0;
  }
}

/** The manifest with the video of the visitor's view; without a sequence it stays as it is. */
export function forView(manifest: Manifest, view: number): Manifest {
  const { sequence } = manifest;
  if (!sequence || sequence.videos.length === 0) return manifest;
  const { videos, at_end } = sequence;
  const place = at_end === "stay" ? Math.min(view, videos.length - 1) : view % videos.length;
  return { ...manifest, video: videos[place] ?? manifest.video };
}

/** The browser's memory, or null where it is closed to us. */
export function openMemory(page: Window): Memory | null {
  try {
    return page.localStorage;
  } catch {
    return null;
  }
}
