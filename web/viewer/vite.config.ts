import type { HtmlTagDescriptor, Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * Names engine and worker in the page, so that the browser fetches them while the script that asks for them
 * is still on its way: two round trips less on a phone.
 */
function preloadEngine(): Plugin {
  return {
    name: "arv-preload-engine",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        const files = Object.keys(bundle ?? {});
        const wasm = files.find((name) => /arv_engine-[^/]*\.wasm$/.test(name));
        const worker = files.find((name) => /worker-[^/]*\.js$/.test(name));
        return [
          ...link(wasm, { rel: "preload", as: "fetch", crossorigin: "" }),
          ...link(worker, { rel: "modulepreload" }),
        ];
      },
    },
  };
}

function link(file: string | undefined, attributes: Record<string, string>): HtmlTagDescriptor[] {
  if (!file) return [];
  return [{ tag: "link", attrs: { ...attributes, href: `/viewer/${file}` }, injectTo: "head" }];
}

export default defineConfig({
  base: "/viewer/",
  plugins: [preloadEngine()],
  resolve: { conditions: ["arv-source", "module", "browser", "development|production"] },
  worker: { format: "es" },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
