/**
 * The library's own JavaScript, built first when it is missing or older than its sources: the command
 * works in a fresh checkout without a build step, and never runs yesterday's code.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const PACKAGE = fileURLToPath(new URL("../", import.meta.url));

/** @returns {Promise<typeof import("../src/index.js")>} */
export async function importLibrary() {
  if (await isStale()) await build();
  return import(pathToFileURL(join(PACKAGE, "dist", "index.js")).href);
}

async function isStale() {
  const sources = await readdir(join(PACKAGE, "src")).catch(() => null);
  // Installed as a package, without sources: there is only what was built.
  if (!sources) return false;
  const built = await stat(join(PACKAGE, "dist", "index.js")).catch(() => null);
  if (!built) return true;
  const times = await Promise.all(sources.map((name) => stat(join(PACKAGE, "src", name))));
  return times.some(({ mtimeMs }) => mtimeMs > built.mtimeMs);
}

async function build() {
  const require = createRequire(import.meta.url);
  const compiler = join(require.resolve("typescript/package.json"), "..", "bin", "tsc");
  const folder = await mkdtemp(join(PACKAGE, "dist-"));
  try {
    const arguments_ = [compiler, "-p", join(PACKAGE, "tsconfig.build.json"), "--outDir", folder];
    await promisify(execFile)(process.execPath, arguments_);
    await replaceDist(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * File by file and each one atomically, so that a second command running now finds every file whole.
 * @param {string} folder
 */
async function replaceDist(folder) {
  await mkdir(join(PACKAGE, "dist"), { recursive: true });
  const names = await readdir(folder);
  // index.js last: its date says that everything else is there.
  names.sort((a, b) => Number(a === "index.js") - Number(b === "index.js"));
  for (const name of names) await rename(join(folder, name), join(PACKAGE, "dist", name));
}
