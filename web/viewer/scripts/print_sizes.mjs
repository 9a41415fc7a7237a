/** Prints what a phone downloads, gzipped, and fails when it is more than promised. */
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Everything but the video and the target. */
const BUDGET_BYTES = 100_000;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const names = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => `${entry.parentPath}/${entry.name}`);

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);
const sizes = new Map();
for (const name of names) {
  if (![".html", ".js", ".css", ".wasm"].includes(extname(name))) continue;
  sizes.set(name.slice(dist.length), gzipSync(readFileSync(name), { level: 9 }).length);
}
for (const [name, bytes] of sizes) say(`viewer: ${name} ${bytes.toLocaleString("en")} bytes gzip`);

// A phone fetches one of the two engine builds.
const total = [...sizes].reduce((sum, [name, bytes]) => sum + (/_plain/.test(name) ? 0 : bytes), 0);
say(
  `viewer: ${total.toLocaleString("en")} bytes gzip in all, budget ${BUDGET_BYTES.toLocaleString("en")}`,
);
if (total > BUDGET_BYTES) {
  console.error("viewer: over budget");
  process.exit(1);
}
