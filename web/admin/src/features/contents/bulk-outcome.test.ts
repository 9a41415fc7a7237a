import type { ArContent, TargetStatus } from "@arv/api-client";
import { expect, it } from "vitest";
import { inRequests, outcomeOf, TARGET_FAILED } from "./bulk-outcome";

const answer = (...results: { id: string; succeeded: boolean; code?: string }[]) => ({
  succeeded: results.filter((each) => each.succeeded).length,
  failed: results.filter((each) => !each.succeeded).length,
  results,
});
const content = (id: string, title: string, status: TargetStatus = "ready") =>
  ({ id, title, target: { status } }) as ArContent;

it("names what could not be done, over all the requests it took", () => {
  const outcome = outcomeOf(
    "publish",
    [
      answer({ id: "a", succeeded: true }, { id: "b", succeeded: false, code: "no_video" }),
      answer({ id: "c", succeeded: true }),
    ],
    [content("b", "First dance")],
  );
  expect(outcome).toEqual({
    action: "publish",
    succeeded: 2,
    failed: [{ id: "b", title: "First dance", code: "no_video", detail: "" }],
  });
});

it("tells a photo that is not recognisable from one that is not ready yet", () => {
  const refused = (id: string) => ({ id, succeeded: false, code: "target_not_ready" });
  const asked = [content("a", "Wall", "failed"), content("b", "Dance", "compiling")];
  const { failed } = outcomeOf("publish", [answer(refused("a"), refused("b"))], asked);
  expect(failed.map((each) => each.code)).toEqual([TARGET_FAILED, "target_not_ready"]);
});

it("asks for no more at once than the server takes", () => {
  const ids = Array.from({ length: 5 }, (_, n) => `${n}`);
  expect(inRequests(ids, 2)).toEqual([["0", "1"], ["2", "3"], ["4"]]);
  expect(inRequests([], 2)).toEqual([]);
});
