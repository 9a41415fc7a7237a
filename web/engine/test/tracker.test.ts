import { beforeAll, describe, expect, it } from "vitest";
import {
  type Engine,
  FrameError,
  ImageError,
  LiveTracker,
  type PixelFrame,
  TargetError,
} from "../src/index.js";
import { cornerError, openEngine, paintPicture, showPicture, toRgba } from "./real_engine.js";

const VGA = { width: 640, height: 480 };
const HD = { width: 1280, height: 720 };
const picture = paintPicture({ width: 400, height: 300 });
const shown = showPicture(picture, VGA, { left: 121.3, top: 87.6, scale: 0.9 });

let engine: Engine;
let target: Uint8Array;
const progress: number[] = [];
const usable: { data: Uint8Array; progress: number }[] = [];

beforeAll(async () => {
  engine = await openEngine();
  const onProgress = (share: number) => progress.push(share);
  const onUsable = (data: Uint8Array) => usable.push({ data, progress: progress.at(-1) ?? 0 });
  target = (await engine.compileTarget(picture, { onProgress, onUsable })).data;
}, 60_000);

describe("compileTarget", () => {
  it("describes what it made", () => {
    expect(engine.describeTarget(target)).toMatchObject({ width: 400, height: 300, version: 1 });
  });

  it("reports progress up to the end", () => {
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });

  it("gives a target to track with long before the learned one", () => {
    expect(usable).toHaveLength(1);
    const [early] = usable as [(typeof usable)[0]];
    expect(early.progress).toBeLessThan(0.3);
    expect(engine.describeTarget(early.data)).toMatchObject({
      width: 400,
      height: 300,
      score: null,
    });
    const tracker = engine.createTracker({ ...VGA, targets: [early.data] });
    expect(tracker.process(shown.frame, 0)).toHaveLength(1);
    tracker.close();
  });

  it("refuses a wall without texture, and says so", async () => {
    const wall: PixelFrame = { ...picture, data: new Uint8Array(400 * 300).fill(128) };
    const failure = await engine.compileTarget(wall).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImageError);
    expect(failure).toMatchObject({ code: "no_texture" });
  });
});

describe("Tracker", () => {
  it("finds the picture, then follows it", () => {
    const tracker = engine.createTracker({ ...VGA, targets: [target] });
    const [first] = tracker.process(shown.frame, 0);
    const [second] = tracker.process(shown.frame, 33);
    expect([first?.state, second?.state]).toEqual(["detected", "tracked"]);
    expect(cornerError(second?.corners as never, shown.corners)).toBeLessThan(0.5);
    tracker.close();
  });

  it("sees the same in grey and in colour", () => {
    const grey = engine.createTracker({ ...VGA, targets: [target] });
    const colour = engine.createTracker({ ...VGA, targets: [target] });
    expect(colour.process(toRgba(shown.frame), 0)).toEqual(grey.process(shown.frame, 0));
    grey.close();
    colour.close();
  });

  it("answers in pixels of the large frame although it works on a small one", () => {
    const large = showPicture(picture, HD, { left: 300.2, top: 150.7, scale: 1.4 });
    const tracker = engine.createTracker({ ...HD, targets: [target] });
    tracker.process(large.frame, 0);
    const [seen] = tracker.process(large.frame, 33);
    expect(cornerError(seen?.corners as never, large.corners)).toBeLessThan(1);
    tracker.close();
  });

  it("sees nothing where the picture is not", () => {
    const other = showPicture(paintPicture(picture, 99), VGA, { left: 120, top: 90, scale: 0.9 });
    const tracker = engine.createTracker({ ...VGA, targets: [target] });
    expect(tracker.process(other.frame, 0)).toEqual([]);
    tracker.close();
  });

  it("refuses a broken target, and leaves nothing behind", () => {
    const before = engine.memoryUsed;
    const broken = target.slice(0, 500);
    expect(() => engine.createTracker({ ...VGA, targets: [broken] })).toThrow(TargetError);
    expect(engine.memoryUsed).toBe(before);
  });

  it("refuses a frame of another size, or with too few bytes", () => {
    const tracker = engine.createTracker({ ...VGA, targets: [target] });
    const short: PixelFrame = { ...shown.frame, data: shown.frame.data.subarray(1) };
    expect(() => tracker.process({ ...shown.frame, width: 320 })).toThrow(FrameError);
    expect(() => tracker.process(short)).toThrow(FrameError);
    tracker.close();
  });
});

describe("LiveTracker", () => {
  it("goes on when the camera turns and its frames change their size", async () => {
    const tracker = new LiveTracker(engine, { targets: [target] });
    const tall = showPicture(
      picture,
      { width: 480, height: 640 },
      { left: 40, top: 90, scale: 0.9 },
    );
    const before = await tracker.track(shown.frame, 0);
    const after = await tracker.track(tall.frame, 33);
    expect([before.targets.length, after.targets.length]).toEqual([1, 1]);
    expect(after.searched).toBe(true);
    tracker.close();
  });

  it("says how bright the frame is", async () => {
    const tracker = new LiveTracker(engine, { targets: [target] });
    const dark: PixelFrame = { ...shown.frame, data: new Uint8Array(640 * 480).fill(12) };
    expect((await tracker.track(dark, 0)).level).toBe(12);
    tracker.close();
  });
});

describe("the plain build", () => {
  it("finds what the SIMD build finds, at the same place", async () => {
    const plain = await openEngine("arv_engine_plain.wasm");
    const results = [engine, plain].map((each) => {
      const tracker = each.createTracker({ ...VGA, targets: [target] });
      const states = [0, 33, 66].map((time) => tracker.process(shown.frame, time));
      tracker.close();
      return states;
    });
    expect(plain.simd).toBe(false);
    expect(results[1]).toEqual(results[0]);
  });
});

describe("pose", () => {
  it("places a frontal picture where it stands before a known camera", () => {
    const tracker = engine.createTracker({ ...VGA, targets: [target], focalPx: 600 });
    tracker.process(shown.frame, 0);
    const pose = tracker.pose(0);
    // 400 picture pixels at scale 0.9 are 360 frame pixels wide: 600 / 360 widths away.
    expect(pose?.translation[2]).toBeCloseTo(600 / 360, 2);
    expect(pose?.rotation[0]).toBeCloseTo(1, 2);
    expect(pose).toMatchObject({ focalPx: 600, certainty: 1 });
    tracker.close();
  });

  it("starts from sixty degrees, in pixels of the frame handed in", () => {
    const large = showPicture(picture, HD, { left: 300.2, top: 150.7, scale: 1.4 });
    const tracker = engine.createTracker({ ...HD, targets: [target] });
    tracker.process(large.frame, 0);
    expect(tracker.pose(0)?.focalPx).toBeCloseTo(640 * Math.sqrt(3), 0);
    expect(tracker.pose(0)?.certainty).toBe(0);
    tracker.close();
  });

  it("is null for what is not seen", () => {
    const tracker = engine.createTracker({ ...VGA, targets: [target] });
    expect(tracker.pose(0)).toBeNull();
    tracker.close();
  });
});
