import type { TextKey } from "../text/en.js";

/** Mean brightness under which a print is hard to recognise, 0..255. */
const DARK_LEVEL = 38;
const FIRST_MS = 4000;
const EACH_MS = 4500;

const ADVICE: readonly TextKey[] = ["coach_fill", "coach_still", "coach_closer", "coach_glare"];

/**
 * The advice for someone who has been searching for `searchedMs`, or null while it is too early to be
 * helpful. Darkness is seen, so it is said at once; the rest goes by what most often helps.
 */
export function coachLine(searchedMs: number, level: number, hasTorch: boolean): TextKey | null {
  if (searchedMs < FIRST_MS / 2) return null;
  if (level < DARK_LEVEL) return hasTorch ? "coach_torch" : "coach_dark";
  if (searchedMs < FIRST_MS) return null;
  const turn = Math.floor((searchedMs - FIRST_MS) / EACH_MS);
  return ADVICE[turn % ADVICE.length] as TextKey;
}
