import { expect, test } from "vitest";
import { readDays } from "./warning-days";

test("days are read however they are divided, each once, the most first", () => {
  expect(readDays("7, 30;1 7")).toEqual([30, 7, 1]);
  expect(readDays("  ")).toEqual([]);
});

test.each(["0", "366", "7 days", "-1", "1,2,3,4,5,6,7,8,9,10,11"])("%s is refused", (written) => {
  expect(readDays(written)).toBeNull();
});
