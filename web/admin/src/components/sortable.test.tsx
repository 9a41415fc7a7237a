import { expect, test } from "vitest";
import { reordered } from "./sortable";

test("a thing is taken out and put in elsewhere, further up or down", () => {
  expect(reordered(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(reordered(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
});

test("what is not there can not be moved", () => {
  expect(reordered(["a"], 3, 0)).toEqual(["a"]);
});
