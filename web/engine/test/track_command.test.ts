import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PixelFrame } from "../src/index.js";
import { cornerError, openEngine, paintPicture, showPicture } from "./real_engine.js";

const COMMAND = fileURLToPath(new URL("../bin/track.mjs", import.meta.url));
const picture = paintPicture({ width: 400, height: 300 });
const VGA = { width: 640, height: 480 };

let folder: string;
let target: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "arv-track-"));
  target = join(folder, "target.arvt");
  const engine = await openEngine();
  await writeFile(target, (await engine.compileTarget(picture)).data);
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

/** Runs the command; what it wrote and how it ended. */
function track(...args: string[]): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], (error, _stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stderr });
    });
  });
}

async function writeFrames(name: string, frames: PixelFrame[]): Promise<string> {
  const path = await mkdtemp(join(folder, name));
  for (const [i, { data, width, height }] of frames.entries()) {
    const png = await sharp(data, { raw: { width, height, channels: 1 } })
      .png()
      .toBuffer();
    await writeFile(join(path, `frame-${i}.png`), png);
  }
  return path;
}

describe("track.mjs", () => {
  it("writes one line a frame, in the order of their numbers", async () => {
    const views = Array.from({ length: 11 }, (_, i) =>
      showPicture(picture, VGA, { left: 100 + 3 * i, top: 80, scale: 0.9 }),
    );
    const frames = await writeFrames(
      "moving-",
      views.map(({ frame }) => frame),
    );
    const output = join(folder, "moving.jsonl");
    expect(await track(target, frames, "--json", output)).toEqual({ code: 0, stderr: "" });
    const lines = (await readFile(output, "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ frame }) => frame)).toEqual(views.map((_, i) => i));
    for (const [i, { targets, ms }] of lines.entries()) {
      expect(ms).toBeGreaterThan(0);
      expect(targets[0]).toMatchObject({ target: 0, state: i === 0 ? "detected" : "tracked" });
      expect(cornerError(targets[0].corners, views[i]?.corners as never)).toBeLessThan(1);
    }
  }, 30_000);

  it.each([
    ["a target that is none", () => [COMMAND, folder], /track\.mjs: not a target file/],
    ["frames that are not there", () => [target, join(folder, "no")], /no: not found/],
    ["no frames named", () => [target], /^usage: /],
  ])("answers %s with one line and exit 2", async (_name, args, complaint) => {
    const { code, stderr } = await track(...args(), "--json", join(folder, "none.jsonl"));
    expect(code).toBe(2);
    expect(stderr.trim()).toMatch(complaint);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("names the frame that is cut off, with exit 2", async () => {
    const frames = await writeFrames("cut-", [paintPicture(VGA)]);
    const whole = await readFile(join(frames, "frame-0.png"));
    await writeFile(join(frames, "frame-1.png"), whole.subarray(0, whole.length / 2));
    const { code, stderr } = await track(target, frames, "--json", join(folder, "cut.jsonl"));
    expect({ code, lines: stderr.trim().split("\n").length }).toEqual({ code: 2, lines: 1 });
    expect(stderr).toContain("frame-1.png");
  }, 30_000);

  it("refuses frames that differ in size, with exit 2", async () => {
    const frames = await writeFrames("sizes-", [paintPicture(VGA), paintPicture(picture)]);
    const { code, stderr } = await track(target, frames, "--json", join(folder, "sizes.jsonl"));
    expect(code).toBe(2);
    expect(stderr).toContain("the frame is 400 x 300");
  }, 30_000);
});
