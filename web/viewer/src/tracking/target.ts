import { EngineError, TargetError } from "@arv/engine";
import { freshAddress, type Surroundings } from "../playback/addresses.js";

const BROWSER: Surroundings = { now: () => performance.now(), fetch: (url) => fetch(url) };

/**
 * The bytes of the target. Somebody may allow the camera long after the page came, when the address has ended:
 * then a new one is asked for, once. Throws `EngineError` when nothing answers, `TargetError` for a refusal.
 */
export async function fetchTarget(
  url: string,
  contentId: string,
  around: Surroundings = BROWSER,
): Promise<ArrayBuffer> {
  const first = await around.fetch(url).catch(() => null);
  if (first?.ok) return first.arrayBuffer();
  // A bucket's refusal may not be readable from another origin: it looks like no answer at all.
  const fresh = await freshAddress(contentId, url, around);
  const second = fresh && fresh !== url ? await around.fetch(fresh).catch(() => null) : first;
  if (!second) throw new EngineError("network", "the target did not arrive");
  if (!second.ok) throw new TargetError("network", `the target answered ${second.status}`);
  return second.arrayBuffer();
}
