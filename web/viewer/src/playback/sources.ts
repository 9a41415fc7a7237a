import type { Manifest } from "../manifest.js";

type Video = Manifest["video"];

/** One file the video can be played from. */
export interface Source {
  readonly url: string;
  /** Bits a second it needs; null when nobody measured. */
  readonly bitrate: number | null;
}

/** What the browser says of the line; all of it may be missing (NetworkInformation is not in Safari). */
export interface Line {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
  /** Megabits a second. */
  readonly downlink?: number;
}

/** A line carries other things too, and its speed is an estimate. */
const USABLE_SHARE = 0.6;
const SLOW = ["slow-2g", "2g", "3g"];

/** The files for the stage, the heaviest first: those that hold alpha as the video itself does. */
export function sourcesOf(video: Video): Source[] {
  const same = (video.renditions ?? []).filter((each) => each.alpha === (video.alpha ?? "none"));
  const smaller = [...same].sort((a, b) => b.bitrate - a.bitrate);
  return [{ url: video.url, bitrate: null }, ...smaller];
}

/** Which of the sources to begin with: the heaviest that the line should carry. */
export function firstSource(sources: readonly Source[], line: Line | undefined): number {
  if (!line) return 0;
  const last = sources.length - 1;
  if (line.saveData || (line.effectiveType && SLOW.includes(line.effectiveType))) return last;
  const speed = (line.downlink ?? Number.POSITIVE_INFINITY) * 1e6 * USABLE_SHARE;
  const heaviest = sources[1]?.bitrate ?? 0;
  // What the video itself needs nobody measured; the next smaller file says what is certainly too much.
  if (speed >= heaviest * 1.5) return 0;
  const fits = sources.findIndex((each) => each.bitrate !== null && each.bitrate <= speed);
  return fits < 0 ? last : fits;
}

/** What a player that knows no masks plays: the video itself, or a transparent one laid on white. */
export function plainUrl(video: Video): string {
  if ((video.alpha ?? "none") === "none") return video.url;
  return (video.renditions ?? []).find((each) => each.alpha === "none")?.url ?? video.url;
}
