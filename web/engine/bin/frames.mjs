/** Frames for the command line: decoded pictures of a folder, or a video by way of `python -m arv_engine frames`. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { extname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

/** @typedef {import("../src/index.js").PixelFrame} PixelFrame */

const PICTURES = new Set([".png", ".jpg", ".jpeg"]);
const CHECKOUT = fileURLToPath(new URL("../../../", import.meta.url));

/** Something the caller gave is broken; the message is one line for people. */
export class InputError extends Error {}

/**
 * The frames of `source` in order, as grey pixels.
 * @param {string} source
 * @returns {AsyncIterable<PixelFrame>}
 */
export async function* openFrames(source) {
  const kind = await stat(source).catch(() => null);
  if (!kind) throw new InputError(`frames ${source}: not found`);
  yield* kind.isDirectory() ? readFolder(source) : readVideo(source);
}

/** @param {string} folder */
async function* readFolder(folder) {
  const names = await readdir(folder);
  const pictures = names.filter((name) => PICTURES.has(extname(name).toLowerCase()));
  if (pictures.length === 0) throw new InputError(`frames ${folder}: no PNG or JPEG files in it`);
  pictures.sort((a, b) => frameNumber(a) - frameNumber(b) || (a < b ? -1 : 1));
  for (const name of pictures) yield decodePicture(join(folder, name));
}

/**
 * The last number in `name`, as in `frame-0042.png`; the Python tracker orders frames by it too.
 * @param {string} name
 */
function frameNumber(name) {
  return Number(parse(name).name.match(/\d+/g)?.at(-1) ?? -1);
}

/**
 * @param {string} path
 * @returns {Promise<PixelFrame>}
 */
async function decodePicture(path) {
  try {
    // Colour becomes grey in the engine's own way, so that this and the Python tracker see the same bytes.
    const picture = sharp(path, { failOn: "truncated" }).toColourspace("srgb").ensureAlpha();
    const { data, info } = await picture
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { format: "rgba", width: info.width, height: info.height, data };
  } catch (error) {
    throw new InputError(`frame ${path}: ${firstLine(/** @type {Error} */ (error).message)}`);
  }
}

/** @param {string} path */
async function* readVideo(path) {
  const python = findPython();
  const child = spawn(python, ["-m", "arv_engine", "frames", path], {
    cwd: CHECKOUT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk) => {
    complaint += chunk;
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  child.on("error", (error) => {
    complaint = error.message;
  });
  yield* readGreyStream(child.stdout);
  const code = await ended;
  if (code !== 0) throw new InputError(`frames ${path}: ${firstLine(complaint) || `exit ${code}`}`);
}

function findPython() {
  const own = join(CHECKOUT, ".venv", "bin", "python");
  return process.env.ARV_PYTHON ?? (existsSync(own) ? own : "python3");
}

/** @param {string} text */
function firstLine(text) {
  return text.trim().split("\n").at(-1) ?? "";
}

/**
 * Splits the stream `arv_engine frames` writes: one line of JSON with width and height, then grey frames of
 * width * height bytes.
 * @param {AsyncIterable<Buffer>} stream
 * @returns {AsyncIterable<PixelFrame>}
 */
async function* readGreyStream(stream) {
  let rest = Buffer.alloc(0);
  /** @type {{ width: number, height: number } | null} */
  let size = null;
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    const end = size ? -1 : rest.indexOf(10);
    if (end >= 0) {
      size = JSON.parse(rest.subarray(0, end).toString("utf8"));
      rest = rest.subarray(end + 1);
    }
    while (size && rest.length >= size.width * size.height) {
      const bytes = size.width * size.height;
      yield { format: "grey", ...size, data: new Uint8Array(rest.subarray(0, bytes)) };
      rest = rest.subarray(bytes);
    }
  }
}
