// node compile.mjs IMAGE OUT.mind: MindAR's own OfflineCompiler, one image, one file.
// Prints {"milliseconds", "bytes", "width", "height"}. `canvas` is @napi-rs/canvas by override,
// because node-canvas needs a compiler and system libraries to install.
import { writeFileSync } from "node:fs";
import { loadImage } from "canvas";
import { OfflineCompiler } from "mind-ar/src/image-target/offline-compiler.js";

const [imagePath, outPath] = process.argv.slice(2);
if (!outPath) {
  console.error("usage: node compile.mjs IMAGE OUT.mind");
  process.exit(2);
}
// tfjs advertises its native backend on every start; standard output is for the answer.
console.log = console.warn = () => {};
const image = await loadImage(imagePath);
const compiler = new OfflineCompiler();
const begin = performance.now();
await compiler.compileImageTargets([image], () => {});
const milliseconds = performance.now() - begin;
const target = compiler.exportData();
writeFileSync(outPath, target);
const answer = { milliseconds, bytes: target.length, width: image.width, height: image.height };
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exit(0);
