/** The tracking thread. Started by `createWorkerTracker`; answers every request exactly once, in order. */
import { EngineError } from "./errors.js";
import { LiveTracker } from "./live_tracker.js";
import { instantiateEngine } from "./load.js";
import { type Reply, type Request, releaseFrame } from "./protocol.js";

let tracker: LiveTracker | null = null;
let frames = 0;

self.addEventListener("message", (event: MessageEvent<Request>) => {
  void answer(event.data).then(
    (reply) => self.postMessage(reply),
    (error: unknown) => self.postMessage(describe(error)),
  );
});

async function answer(request: Request): Promise<Reply> {
  if (request.type === "start") {
    const started = new LiveTracker(await instantiateEngine(request.module), request.options);
    tracker = started;
    // After the answer, and only while no frame waits.
    setTimeout(() => frames === 0 && started.warmUp(), 0);
    return { type: "started" };
  }
  frames += 1;
  try {
    if (!tracker)
      throw new EngineError("not_started", "a frame came before the tracker was started");
    return { type: "result", result: await tracker.track(request.frame, request.timeMs) };
  } finally {
    releaseFrame(request.frame);
  }
}

function describe(error: unknown): Reply {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return {
    type: "error",
    name,
    message,
    code: error instanceof EngineError ? error.code : "unknown",
  };
}
