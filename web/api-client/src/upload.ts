import { unreachable } from "./problem";
import type { Sending } from "./resumable";
import type { Upload, UploadPurpose } from "./types";

export interface UploadRequest {
  companyId: string;
  purpose: UploadPurpose;
  file: File;
  /** Called with the bytes the network has taken so far. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  /** Called with true when the line is lost and it will be tried again, with false when it goes on. */
  onWaiting?: (waiting: boolean) => void;
  baseUrl?: string;
}

export interface RunningUpload {
  /** Resolves to the stored upload; rejects with a `Problem`, or an `AbortError` after `cancel`. */
  finished: Promise<Upload>;
  /** Stop sending; what has arrived waits on the server for a day, also for the same file chosen again. */
  pause: () => void;
  resume: () => void;
  /** Stop for good: the server forgets what has arrived. */
  cancel: () => void;
}

/**
 * Send a file in a way that survives a lost line and a reload: by the tus protocol, whose client is
 * loaded with the first file. A large one goes straight into the company's object store where that is allowed.
 */
export function startUpload(request: UploadRequest): RunningUpload {
  let wanted: "sending" | "paused" | "cancelled" = "sending";
  let sending: Sending | null = null;
  let cancelPromise = () => {};
  const cancelled = new Promise<never>((_, reject) => {
    cancelPromise = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
  });
  const sent = prepared(request).then((ready) => {
    sending = ready;
    if (wanted === "sending") sending.start();
    return sending.finished;
  });
  return {
    finished: Promise.race([sent, cancelled]),
    pause: () => {
      wanted = "paused";
      sending?.stop();
    },
    resume: () => {
      wanted = "sending";
      sending?.start();
    },
    cancel: () => {
      wanted = "cancelled";
      sending?.forget();
      cancelPromise();
    },
  };
}

async function prepared(request: UploadRequest): Promise<Sending> {
  const { mayGoDirectly, prepareDirect, prepareSending } = await loadClient();
  const throughUs = () => prepareSending(request);
  return (await mayGoDirectly(request)) ? prepareDirect(request, throughUs) : throughUs();
}

async function loadClient() {
  try {
    const [direct, resumable] = await Promise.all([import("./direct"), import("./resumable")]);
    return { ...direct, ...resumable };
  } catch {
    throw unreachable();
  }
}
