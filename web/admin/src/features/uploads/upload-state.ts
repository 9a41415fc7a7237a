import type { Problem, Upload } from "@arv/api-client";
import type { Refusal } from "./accept";

/** Where one file is on its way to the server. */
export type UploadState =
  | { phase: "empty" }
  | { phase: "refused"; file: File; refusal: Refusal }
  /** `waiting`: the line is lost, and it is tried again by itself. */
  | { phase: "sending"; file: File; sentBytes: number; waiting?: boolean }
  | { phase: "paused"; file: File; sentBytes: number }
  /** Every byte has left; the server stores and checks. */
  | { phase: "checking"; file: File }
  | { phase: "failed"; file: File; problem: Problem }
  | { phase: "cancelled"; file: File }
  | { phase: "done"; file: File; upload: Upload };

export type UploadEvent =
  | { type: "refused"; file: File; refusal: Refusal }
  | { type: "started"; file: File }
  | { type: "progressed"; file: File; sentBytes: number }
  | { type: "waiting"; file: File; waiting: boolean }
  | { type: "paused"; file: File }
  | { type: "resumed"; file: File }
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
      return isUnderway(state) && state.file === event.file ? arrived(state, event) : state;
  }
}

/** Begun and not ended; paused ones too. */
export function isUnderway(state: UploadState): state is Underway {
  return isRunning(state) || state.phase === "paused";
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
  if (state.phase === "sending" || state.phase === "paused")
    return Math.min(state.sentBytes / state.file.size, 1);
  return state.phase === "checking" || state.phase === "done" ? 1 : 0;
}

type Underway = Extract<UploadState, { phase: "sending" | "checking" | "paused" }>;
type Arrival = Exclude<UploadEvent, { type: "refused" | "started" | "cleared" }>;

function arrived(state: Underway, event: Arrival): UploadState {
  const { file } = event;
  switch (event.type) {
    case "progressed":
      return progressed(state, event.sentBytes);
    case "waiting":
      return state.phase === "sending" ? { ...state, waiting: event.waiting } : state;
    case "paused":
      return state.phase === "sending"
        ? { phase: "paused", file, sentBytes: state.sentBytes }
        : state;
    case "resumed":
      return state.phase === "paused"
        ? { phase: "sending", file, sentBytes: state.sentBytes }
        : state;
    case "succeeded":
      return { phase: "done", file, upload: event.upload };
    case "failed":
      return { phase: "failed", file, problem: event.problem };
    case "cancelled":
      return { phase: "cancelled", file };
  }
}

function progressed(state: Underway, sentBytes: number): UploadState {
  const { file, phase } = state;
  if (phase === "paused") return { phase, file, sentBytes };
  return sentBytes >= file.size
    ? { phase: "checking", file }
    : { phase: "sending", file, sentBytes };
}
