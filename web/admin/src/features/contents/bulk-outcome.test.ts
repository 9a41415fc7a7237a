import { expect, it } from "vitest";
import { inRequests, outcomeOf } from "./bulk-outcome";

const answer = (...results: { id: string; succeeded: boolean; code?: string }[]) => ({
  succeeded: results.filter((each) => each.succeeded).length,
  failed: results.filter((each) => !each.succeeded).length,
  results,
});

it("names what could not be done, over all the requests it took", () => {
  const titles = new Map([["b", "First dance"]]);
  const outcome = outcomeOf(
    "publish",
    [
      answer({ id: "a", succeeded: true }, { id: "b", succeeded: false, code: "no_video" }),
      answer({ id: "c", succeeded: true }),
    ],
    titles,
  );
  expect(outcome).toEqual({
    action: "publish",
    succeeded: 2,
    failed: [{ id: "b", title: "First dance", code: "no_video", detail: "" }],
  });
});

it("asks for no more at once than the server takes", () => {
  const ids = Array.from({ length: 5 }, (_, n) => `${n}`);
  expect(inRequests(ids, 2)).toEqual([["0", "1"], ["2", "3"], ["4"]]);
  expect(inRequests([], 2)).toEqual([]);
});
