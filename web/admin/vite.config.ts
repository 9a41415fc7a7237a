import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where the API runs while the panel is developed with `npm run dev`. */
const api = process.env.ARV_API_URL ?? "http://localhost:8000";

/** Few files for what every screen needs; the rest follows the code-split routes. */
const chunks = [
  { name: "react", test: /node_modules\/(react|react-dom|scheduler)\//, priority: 3 },
  {
    name: "platform",
    test: /node_modules\/(@tanstack|i18next|react-i18next|openapi-fetch)\//,
    priority: 2,
  },
  { name: "shared", minShareCount: 4, minSize: 10_000, priority: 1 },
];

export default defineConfig({
  base: "/",
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": api, "/storage": api, "/ar": api, "/viewer": api } },
  build: {
    outDir: "dist",
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { advancedChunks: { groups: chunks } } },
  },
  test: {
    // Logic runs in Node; a test of a component asks for jsdom in its first line.
    environment: "node",
    setupFiles: "./src/testing/setup.ts",
    css: false,
  },
});
