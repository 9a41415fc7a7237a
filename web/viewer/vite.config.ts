import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Lets the browser fetch the engine while the script is still on its way. */
function preloadEngine(): Plugin {
  return {
    name: "arv-preload-engine",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const wasm = Object.keys(bundle ?? {}).find((name) => /arv_engine-[^/]*\.wasm$/.test(name));
        if (!wasm) return [];
        const attrs = { rel: "preload", as: "fetch", crossorigin: "", href: `/viewer/${wasm}` };
        return [{ tag: "link", attrs, injectTo: "head" }];
      },
    },
  };
}

export default defineConfig({
  base: "/viewer/",
  plugins: [preloadEngine()],
  resolve: { conditions: ["arv-source", "module", "browser", "development|production"] },
  worker: { format: "es" },
  build: {
    target: ["es2022", "safari15", "chrome91", "firefox114"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
