import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where the API runs while the panel is developed with `npm run dev`. */
const api = process.env.ARV_API_URL ?? "http://localhost:8000";

/**
 * Few files, and the first screen loads only what it shows: what floats and asks (menus, dialogs,
 * choices) is a file of its own, and so no file the first screen needs may hold a part that uses it.
 */
const FIRST_PARTS =
  "ActionIcon|Box|Button|CloseButton|FloatingIndicator|Group|Input|InputBase|Loader|Notification|" +
  "Paper|PasswordInput|Portal|SegmentedControl|Skeleton|Stack|TextInput|Transition|UnstyledButton|" +
  "VisuallyHidden";
const chunks = [
  { name: "react", test: /node_modules\/(react|react-dom|scheduler)\//, priority: 4 },
  {
    name: "platform",
    test: /node_modules\/(@tanstack|i18next|react-i18next|openapi-fetch)\//,
    priority: 3,
  },
  {
    name: "mantine",
    test: new RegExp(
      `node_modules/(@mantine/(core/esm/(core|components/(${FIRST_PARTS}))|hooks)|clsx|react-remove-scroll)/`,
    ),
    priority: 2,
  },
  { name: "floating", test: /node_modules\/(@floating-ui|@mantine\/core)\//, priority: 1 },
  {
    name: "shared",
    test: /node_modules|src\/lib\/|api-client/,
    minShareCount: 4,
    minSize: 10_000,
    priority: 0,
  },
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
