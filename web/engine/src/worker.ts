/** The tracking thread. Started by `createWorkerTracker`; answers every request exactly once, in order. */
import { EngineError } from "./errors.js";
import { LiveTracker } from "./live_tracker.js";
import { instantiateEngine } from "./load.js";
import { type Reply, type Request, releaseFrame } from "./protocol.js";

let tracker: LiveTracker | null = null;

self.addEventListener("message", (event: MessageEvent<Request>) => {
  void answer(event.data).then(
    (reply) => self.postMessage(reply),
    (error: unknown) => self.postMessage(describe(error)),
  );
});

async function answer(request: Request): Promise<Reply> {
  if (request.type === "start") {
    tracker = new LiveTracker(await instantiateEngine(request.module), request.options);
    return { type: "started" };
  }
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
