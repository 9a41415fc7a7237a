import { expect, it } from "vitest";
import { bytesOf, typedMegabytes } from "./largest-file";

it("counts files in megabytes, as the installation's own limit is", () => {
  expect(typedMegabytes(524_288_000)).toBe("500");
  expect(bytesOf("500")).toBe(524_288_000);
  expect(bytesOf("0,5")).toBe(524_288);
});

it("leaves it to the installation when nothing is typed", () => {
  expect([bytesOf(" "), typedMegabytes(null), typedMegabytes(undefined)]).toEqual([null, "", ""]);
});

it.each(["0", "-1", "many", "Infinity", "1048577"])("takes %s for no size", (typed) => {
  expect(bytesOf(typed)).toBeUndefined();
});
