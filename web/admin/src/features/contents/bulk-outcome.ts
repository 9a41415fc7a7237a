import type { ArContent, BulkAction, BulkAnswer, BulkResult } from "@arv/api-client";

/** What became of an action on several contents, as it is told. */
export interface BulkOutcome {
  action: BulkAction;
  succeeded: number;
  failed: Failure[];
}

export interface Failure {
  id: string;
  /** As the list called it when the action was asked for. */
  title: string;
  code: string;
  detail: string;
}

/** Our own name for a print that can never be published as it is. */
export const TARGET_FAILED = "target_failed";

/** Most contents one request may name. */
export const MOST_IN_ONE_REQUEST = 200;

export function inRequests(ids: readonly string[], most = MOST_IN_ONE_REQUEST): string[][] {
  const count = Math.ceil(ids.length / most);
  return Array.from({ length: count }, (_, n) => ids.slice(n * most, (n + 1) * most));
}

/** The answers of one action as one outcome, with the title of each that could not be done. */
export function outcomeOf(
  action: BulkAction,
  answers: readonly BulkAnswer[],
  asked: readonly ArContent[],
): BulkOutcome {
  const results = answers.flatMap((answer) => answer.results);
  const byId = new Map(asked.map((content) => [content.id, content]));
  const failed = results
    .filter((result) => !result.succeeded)
    .map((result) => failureOf(result, byId.get(result.id)));
  return { action, succeeded: results.length - failed.length, failed };
}

function failureOf({ id, code, detail }: BulkResult, content: ArContent | undefined): Failure {
  // To wait helps a target that is being made; one that could not be made needs another photo.
  const hopeless = code === "target_not_ready" && content?.target.status === "failed";
  return {
    id,
    title: content?.title ?? id,
    code: hopeless ? TARGET_FAILED : (code ?? "unexpected"),
    detail: detail ?? "",
  };
}
