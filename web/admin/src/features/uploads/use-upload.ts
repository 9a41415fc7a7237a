import { Problem, type RunningUpload, type UploadPurpose, unreachable } from "@arv/api-client";
import { useCallback, useEffect, useReducer, useRef } from "react";
import { refusalOf } from "./accept";
import { sendFile } from "./api/send-file";
import { NO_UPLOAD, nextUploadState, type UploadState } from "./upload-state";

export interface UploadSlot {
  purpose: UploadPurpose;
  state: UploadState;
  /** Start sending a file, in place of whatever was there. */
  choose: (file: File) => void;
  cancel: () => void;
  pause: () => void;
  resume: () => void;
  /** Send the same file again, after a failure or a cancel. */
  retry: () => void;
  clear: () => void;
}

/**
 * One place for one file: it is sent as soon as it is chosen. When the screen is left it stops, and goes on
 * where it was when the same file is chosen again.
 */
export function useUpload(companyId: string, purpose: UploadPurpose): UploadSlot {
  const [state, dispatch] = useReducer(nextUploadState, NO_UPLOAD);
  const running = useRef<RunningUpload | null>(null);
  const stop = useCallback(() => {
    running.current?.cancel();
    running.current = null;
  }, []);
  useEffect(() => () => running.current?.pause(), []);

  const choose = useCallback(
    (file: File) => {
      stop();
      const refusal = refusalOf(file, purpose);
      if (refusal) return dispatch({ type: "refused", file, refusal });
      dispatch({ type: "started", file });
      const onProgress = (sentBytes: number) => dispatch({ type: "progressed", file, sentBytes });
      const onWaiting = (waiting: boolean) => dispatch({ type: "waiting", file, waiting });
      const upload = sendFile({ companyId, purpose, file, onProgress, onWaiting });
      running.current = upload;
      upload.finished.then(
        (stored) => dispatch({ type: "succeeded", file, upload: stored }),
        (error) => dispatch({ ...ended(error), file }),
      );
    },
    [companyId, purpose, stop],
  );
  const clear = useCallback(() => {
    stop();
    dispatch({ type: "cleared" });
  }, [stop]);
  const pause = () => {
    running.current?.pause();
    if (state.phase === "sending") dispatch({ type: "paused", file: state.file });
  };
  const resume = () => {
    if (state.phase === "paused") dispatch({ type: "resumed", file: state.file });
    running.current?.resume();
  };
  const retry = () => state.phase !== "empty" && choose(state.file);
  return { purpose, state, choose, cancel: stop, pause, resume, retry, clear };
}

function ended(error: unknown): { type: "cancelled" } | { type: "failed"; problem: Problem } {
  if (error instanceof DOMException && error.name === "AbortError") return { type: "cancelled" };
  return { type: "failed", problem: error instanceof Problem ? error : unreachable() };
}
