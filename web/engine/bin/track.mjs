#!/usr/bin/env node
/**
 * Tracks targets through a folder of frames or a video, with the same binary the server runs.
 *
 *     node web/engine/bin/track.mjs TARGET.arvt [TARGET2.arvt ...] FRAMES --json OUT.jsonl [--wasm FILE]
 *
 * One line a frame: {"frame","targets":[{"target","state","corners","confidence"}],"ms"}. Exit 0, or 2 with
 * one line on stderr when a target or a frame is broken. The output format is documented in docs/engine/.
 */
import { open, readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { InputError, openFrames } from "./frames.mjs";
import { importLibrary } from "./library.mjs";

const USAGE =
  "usage: track.mjs TARGET.arvt [TARGET2.arvt ...] FRAMES --json OUT.jsonl [--wasm FILE]";
const DEFAULT_WASM = new URL("../../../arv_engine/arv_engine.wasm", import.meta.url);

/** @typedef {import("../src/index.js").Tracker} Tracker */

async function main() {
  const { targets, frames, output, wasm } = readArguments();
  const library = await importLibrary();
  const engine = await library.instantiateEngine(await readInput(wasm, "engine"));
  const files = await Promise.all(targets.map((path) => readInput(path, "target")));
  for (const [i, file] of files.entries()) checkTarget(engine, file, targets[i] ?? "");
  await trackFrames(engine, files, frames, output);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: "string" }, wasm: { type: "string" } },
    });
    const frames = positionals.pop();
    if (!values.json || !frames || positionals.length === 0) throw new InputError(USAGE);
    return { targets: positionals, frames, output: values.json, wasm: values.wasm ?? DEFAULT_WASM };
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(USAGE);
  }
}

/**
 * @param {string | URL} path
 * @param {string} what
 */
async function readInput(path, what) {
  return readFile(path).catch((/** @type {NodeJS.ErrnoException} */ error) => {
    throw new InputError(`${what} ${path}: ${error.code === "ENOENT" ? "not found" : error.code}`);
  });
}

/**
 * @param {import("../src/index.js").Engine} engine
 * @param {Uint8Array} file
 * @param {string} path
 */
function checkTarget(engine, file, path) {
  try {
    engine.describeTarget(file);
  } catch (error) {
    throw new InputError(`target ${path}: ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * @param {import("../src/index.js").Engine} engine
 * @param {Uint8Array[]} targets
 * @param {string} source
 * @param {string} output
 */
async function trackFrames(engine, targets, source, output) {
  const file = await open(output, "w");
  /** @type {Tracker | null} */
  let tracker = null;
  let index = 0;
  try {
    for await (const frame of openFrames(source)) {
      const { width, height } = frame;
      tracker ??= engine.createTracker({ width, height, targets, maxSide: Infinity });
      const start = performance.now();
      const found = tracker.process(frame);
      const ms = performance.now() - start;
      await file.write(`${JSON.stringify(describeFrame(index++, found, ms))}\n`);
    }
  } finally {
    tracker?.close();
    await file.close();
  }
}

/**
 * @param {number} frame
 * @param {import("../src/index.js").TargetState[]} found
 * @param {number} ms
 */
function describeFrame(frame, found, ms) {
  const targets = found.map(({ target, state, corners, confidence }) => ({
    target,
    state,
    corners,
    confidence,
  }));
  return { frame, targets, ms: Math.round(ms * 1000) / 1000 };
}

main().catch((error) => {
  const expected = error instanceof InputError || "code" in error;
  process.stderr.write(`${expected ? error.message : error.stack}\n`);
  process.exitCode = expected ? 2 : 1;
});
