import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("keeps features apart: only routes compose them", () => {
  const here = new URL(".", import.meta.url).pathname;
  const files = listFiles(here);
  expect(files.length).toBeGreaterThan(30);
  for (const file of files) {
    const own = file.slice(here.length).split("/")[0];
    const foreign = [...readFileSync(file, "utf8").matchAll(/from "@\/(features\/(\w+)|app\/)/g)];
    for (const [, path, feature] of foreign) {
      expect(feature, `${file} imports ${path}`).toBe(own);
    }
  }
});

function listFiles(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => /(?<!\.test)\.tsx?$/.test(name)).map((name) => folder + name);
}
