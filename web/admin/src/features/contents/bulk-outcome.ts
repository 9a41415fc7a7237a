import type { BulkAction, BulkAnswer } from "@arv/api-client";

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

/** Most contents one request may name. */
export const MOST_IN_ONE_REQUEST = 200;

export function inRequests(ids: readonly string[], most = MOST_IN_ONE_REQUEST): string[][] {
  const count = Math.ceil(ids.length / most);
  return Array.from({ length: count }, (_, n) => ids.slice(n * most, (n + 1) * most));
}

/** The answers of one action as one outcome, with a title for each that could not be done. */
export function outcomeOf(
  action: BulkAction,
  answers: readonly BulkAnswer[],
  titles: ReadonlyMap<string, string>,
): BulkOutcome {
  const results = answers.flatMap((answer) => answer.results);
  const failed = results
    .filter((result) => !result.succeeded)
    .map(({ id, code, detail }) => ({
      id,
      title: titles.get(id) ?? id,
      code: code ?? "unexpected",
      detail: detail ?? "",
    }));
  return { action, succeeded: results.length - failed.length, failed };
}
