import type { ArContent, ChromaKey, Video } from "@arv/api-client";

/** What the dialog begins with; the colour is then taken from a corner of the picture. */
export const FIRST_KEY: ChromaKey = {
  color: "#00b140",
  tolerance: 0.25,
  softness: 0.1,
  despill: 0.5,
};

/** Whether a colour can be keyed out of the video: it plays, and has no mask of its own. */
export function canBeKeyed(video: Video): boolean {
  if (!video.url || video.status === "processing") return false;
  return video.alpha === "none" || video.chroma_key !== null;
}

/** Where the server shows a frame: as it is, or with the key applied. */
export function previewUrl(
  content: ArContent,
  video: Video,
  atSeconds: number,
  key: ChromaKey | null,
): string {
  const query = new URLSearchParams({ at_seconds: atSeconds.toFixed(2) });
  if (key) {
    query.set("color", key.color.slice(1));
    for (const name of ["tolerance", "softness", "despill"] as const) {
      query.set(name, key[name].toFixed(3));
    }
  }
  const content_path = `/api/v1/companies/${content.company_id}/contents/${content.id}`;
  return `${content_path}/videos/${video.id}/chroma-key/preview?${query}`;
}

/** Half of the side of the square whose mean is taken: one pixel alone may be a speck. */
const REACH = 2;

/** The mean colour around a point of a picture (RGBA bytes), as "#rrggbb". */
export function colorAround(
  { data, width, height }: { data: Uint8ClampedArray; width: number; height: number },
  x: number,
  y: number,
): string {
  const sums = [0, 0, 0];
  let count = 0;
  for (let row = Math.max(0, y - REACH); row <= Math.min(height - 1, y + REACH); row++) {
    for (let column = Math.max(0, x - REACH); column <= Math.min(width - 1, x + REACH); column++) {
      const at = 4 * (row * width + column);
      for (const channel of [0, 1, 2]) {
        sums[channel] = (sums[channel] ?? 0) + (data[at + channel] ?? 0);
      }
      count += 1;
    }
  }
  const hex = sums.map((sum) =>
    Math.round(sum / Math.max(1, count))
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${hex.join("")}`;
}
