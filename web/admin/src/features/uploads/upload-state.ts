import type { Problem, Upload } from "@arv/api-client";
import type { Refusal } from "./accept";

/** Where one file is on its way to the server. */
export type UploadState =
  | { phase: "empty" }
  | { phase: "refused"; file: File; refusal: Refusal }
  | { phase: "sending"; file: File; sentBytes: number }
  /** Every byte has left; the server stores and checks. */
  | { phase: "checking"; file: File }
  | { phase: "failed"; file: File; problem: Problem }
  | { phase: "cancelled"; file: File }
  | { phase: "done"; file: File; upload: Upload };

export type UploadEvent =
  | { type: "refused"; file: File; refusal: Refusal }
  | { type: "started"; file: File }
  | { type: "progressed"; file: File; sentBytes: number }
  | { type: "succeeded"; file: File; upload: Upload }
  | { type: "failed"; file: File; problem: Problem }
  | { type: "cancelled"; file: File }
  | { type: "cleared" };

export const NO_UPLOAD: UploadState = { phase: "empty" };

/** The next state. What still arrives about a file that has been replaced since changes nothing. */
export function nextUploadState(state: UploadState, event: UploadEvent): UploadState {
  switch (event.type) {
    case "cleared":
      return NO_UPLOAD;
    case "refused":
      return { phase: "refused", file: event.file, refusal: event.refusal };
    case "started":
      return { phase: "sending", file: event.file, sentBytes: 0 };
    default:
      return isRunning(state) && state.file === event.file ? arrived(event) : state;
  }
}

export function isRunning(
  state: UploadState,
): state is Extract<UploadState, { phase: "sending" | "checking" }> {
  return state.phase === "sending" || state.phase === "checking";
}

/** Whether the same file may arrive when it is sent again: not when the file itself is the trouble. */
export function mayRetry(state: UploadState): boolean {
  if (state.phase === "cancelled") return true;
  if (state.phase !== "failed") return false;
  const { status } = state.problem;
  return status === 0 || status === 401 || status === 429 || status >= 500;
}

/** Share of the file that has been sent, 0 to 1. */
export function sentShare(state: UploadState): number {
  if (state.phase === "sending") return Math.min(state.sentBytes / state.file.size, 1);
  return state.phase === "checking" || state.phase === "done" ? 1 : 0;
}

type Arrival = Extract<UploadEvent, { type: "progressed" | "succeeded" | "failed" | "cancelled" }>;

function arrived(event: Arrival): UploadState {
  const { file } = event;
  switch (event.type) {
    case "progressed":
      return event.sentBytes >= file.size
        ? { phase: "checking", file }
        : { phase: "sending", file, sentBytes: event.sentBytes };
    case "succeeded":
      return { phase: "done", file, upload: event.upload };
    case "failed":
      return { phase: "failed", file, problem: event.problem };
    case "cancelled":
      return { phase: "cancelled", file };
  }
}
