import {
  compileEngineModule,
  createWorkerTracker,
  instantiateEngine,
  LiveTracker,
  NewestWins,
  TargetError,
  TrackingThread,
  type TrackResult,
  type TransferableFrame,
} from "@arv/engine";
import url from "../../../../arv_engine/arv_engine.wasm?url";
import plainUrl from "../../../../arv_engine/arv_engine_plain.wasm?url";
import { fetchTarget } from "./target.js";

/** What the viewer needs of a tracker, wherever it runs. */
export interface Recognition {
  /** Takes `frame` over. Null when a newer frame took its place. */
  track(frame: TransferableFrame, timeMs: number): Promise<TrackResult | null>;
}

/** Loads engine and target at the same time; throws `EngineError`, or `TargetError` for the target. */
export async function prepareRecognition(
  targetUrl: string,
  contentId: string,
): Promise<Recognition> {
  const thread = openThread();
  const [module, target] = await Promise.all([
    compileEngineModule({ url, plainUrl }),
    fetchTarget(targetUrl, contentId),
  ]);
  const options = { targets: [target], maxTracked: 1 };
  if (thread) {
    try {
      return await createWorkerTracker({ ...options, module, thread });
    } catch (error) {
      if (error instanceof TargetError) throw error;
      // A worker that can not start, as in some messengers' browsers; the page's own thread can.
    }
  }
  return trackOnPage(new LiveTracker(await instantiateEngine(module), options));
}

function openThread(): TrackingThread | null {
  try {
    return new TrackingThread();
  } catch {
    return null;
  }
}

function trackOnPage(tracker: LiveTracker): Recognition {
  type Offer = { frame: TransferableFrame; timeMs: number };
  const release = ({ frame }: Offer) => {
    if ("close" in frame) frame.close();
  };
  const frames = new NewestWins(async (offer: Offer) => {
    const result = await tracker.track(offer.frame, offer.timeMs);
    release(offer);
    return result;
  }, release);
  return { track: (frame, timeMs) => frames.offer({ frame, timeMs }) };
}
