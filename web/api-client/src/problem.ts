import type { components } from "./schema";

/** The body of an `application/problem+json` answer (RFC 9457). */
export type ProblemBody = Partial<components["schemas"]["Problem"]>;

/** One thing wrong with what was sent: where (JSON pointer) and what. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

/** Code of a request that never got an answer: no network, or the server is down. */
export const UNREACHABLE = "unreachable";

/**
 * Every way a call can fail, as one error. `code` is the stable word to decide by; `detail` is the
 * server's own sentence, in English. `status` is 0 when no answer came.
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | null;
  readonly requestId: string | null;
  readonly errors: readonly FieldProblem[];

  constructor(status: number, body: ProblemBody = {}) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? codeOfStatus(status);
    this.detail = body.detail ?? null;
    this.requestId = body.request_id ?? null;
    this.errors = body.errors ?? [];
  }
}

/** The problem of a request nobody answered. */
export function unreachable(): Problem {
  return new Problem(0, { code: UNREACHABLE, title: "No answer from the server" });
}

/** The problem an answer's body describes, or a plain one when a proxy answered in its own words. */
export function problemFrom(status: number, body: unknown): Problem {
  return new Problem(status, isProblemBody(body) ? body : {});
}

function isProblemBody(body: unknown): body is ProblemBody {
  return typeof body === "object" && body !== null && ("code" in body || "title" in body);
}

function codeOfStatus(status: number): string {
  return status === 0 ? UNREACHABLE : `http_${status}`;
}
