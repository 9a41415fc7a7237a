import { describe, expect, it } from "vitest";
import { allToggled, chosenIn, coverage, NOTHING, toggled } from "./selection";

const order = ["a", "b", "c", "d", "e"];
const ids = (...chosen: string[]) => ({ ids: new Set(chosen), anchor: null });

describe("toggled", () => {
  it("takes one in, and out again", () => {
    const one = toggled(NOTHING, "b", order);
    expect(chosenIn(one, order)).toEqual(["b"]);
    expect(chosenIn(toggled(one, "b", order), order)).toEqual([]);
  });

  it("stretches from the last one touched, in both directions", () => {
    const down = toggled(toggled(NOTHING, "b", order), "d", order, true);
    expect(chosenIn(down, order)).toEqual(["b", "c", "d"]);
    const up = toggled(toggled(NOTHING, "e", order), "c", order, true);
    expect(chosenIn(up, order)).toEqual(["c", "d", "e"]);
  });

  it("stretches taking out as well", () => {
    const all = allToggled(NOTHING, order);
    const fewer = toggled(toggled(all, "b", order), "d", order, true);
    expect(chosenIn(fewer, order)).toEqual(["a", "e"]);
  });

  it("takes one alone when the list no longer holds where the range began", () => {
    const elsewhere = { ids: new Set(["x"]), anchor: "x" };
    expect(chosenIn(toggled(elsewhere, "c", order, true), order)).toEqual(["c"]);
    expect(chosenIn(toggled(NOTHING, "c", order, true), order)).toEqual(["c"]);
  });
});

describe("allToggled", () => {
  it("completes what is begun, and empties what is complete", () => {
    expect(chosenIn(allToggled(ids("c"), order), order)).toEqual(order);
    expect(allToggled(ids(...order), order)).toEqual(NOTHING);
  });
});

it("forgets what has left the list", () => {
  expect(chosenIn(ids("a", "gone"), order)).toEqual(["a"]);
  expect(coverage(ids("gone"), order)).toBe("none");
  expect(coverage(ids("a"), order)).toBe("some");
  expect(coverage(ids(...order, "gone"), order)).toBe("all");
  expect(coverage(NOTHING, [])).toBe("none");
});
