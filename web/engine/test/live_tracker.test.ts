import { beforeAll, describe, expect, it } from "vitest";
import { type Engine, LiveTracker } from "../src/index.js";
import { openEngine, paintPicture, showPicture } from "./real_engine.js";

const VGA = { width: 640, height: 480 };
const picture = paintPicture({ width: 400, height: 300 });
const { frame } = showPicture(picture, VGA, { left: 120, top: 90, scale: 0.9 });

let engine: Engine;
let target: Uint8Array;

beforeAll(async () => {
  engine = await openEngine();
  target = (await engine.compileTarget(picture)).data;
}, 60_000);

describe("LiveTracker", () => {
  it("says where the print stands in space when it is asked to", async () => {
    const live = new LiveTracker(engine, { targets: [target], poses: true, focalPx: 600 });
    const { targets, poses } = await live.track(frame, 0);
    expect(targets).toHaveLength(1);
    // The print is 360 of 640 pixels wide, so with 600 pixels of focal length it is 600 / 360 widths away.
    expect(poses?.[0]?.translation[2]).toBeCloseTo(600 / 360, 2);
    live.close();
  });

  it("says nothing of poses otherwise", async () => {
    const live = new LiveTracker(engine, { targets: [target] });
    expect(await live.track(frame, 0)).not.toHaveProperty("poses");
    live.close();
  });

  it("warms up without holding memory or losing the print", async () => {
    const live = new LiveTracker(engine, { targets: [target] });
    const before = engine.memoryUsed;
    live.warmUp();
    expect(engine.memoryUsed).toBe(before);
    expect((await live.track(frame, 0)).targets).toHaveLength(1);
    live.close();
  });
});
