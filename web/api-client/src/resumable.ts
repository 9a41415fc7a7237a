import { type DetailedError, type HttpResponse, Upload as TusUpload } from "tus-js-client";
import { type Problem, problemFrom, unreachable } from "./problem";
import type { Upload } from "./types";
import type { UploadRequest } from "./upload";

/** Below the server's limit of one request; a larger file comes in several. */
const PIECE_BYTES = 64 * 1024 * 1024;
/** A smaller file goes with the request that announces it. */
const AT_ONCE_BYTES = 4 * 1024 * 1024;
/** Pauses before it is tried again, milliseconds; they begin anew whenever bytes arrive. Five minutes in all. */
const PAUSES_MS = [500, 1000, 2000, 4000, 8000, ...Array<number>(19).fill(15_000)];
const CHECKED_AGAIN_MS = 1000;

/** A file that can be sent, stopped and sent on. */
export interface Sending {
  finished: Promise<Upload>;
  start: () => void;
  stop: () => void;
  forget: () => void;
}

export function prepareSending(request: UploadRequest): Sending {
  let settle: { resolve: (upload: Upload) => void; reject: (error: unknown) => void };
  const finished = new Promise<Upload>((resolve, reject) => {
    settle = { resolve, reject };
  });
  let uploadId: string | undefined;
  let stopped = true;
  const tus = new TusUpload(request.file, {
    ...optionsFor(request),
    onAfterResponse: (_, answer) => {
      uploadId = answer.getHeader("ARV-Upload-Id") ?? uploadId;
      request.onWaiting?.(false);
    },
    onShouldRetry: (error) => {
      const again = healsByItself(problemOf(error));
      if (again) request.onWaiting?.(true);
      return again;
    },
    onError: (error) => settle.reject(problemOf(error)),
    onSuccess: () => {
      window.removeEventListener("online", goOnAtOnce);
      storedUpload(request, tus.url ?? "", uploadId).then(settle.resolve, settle.reject);
    },
  });
  const start = async () => {
    stopped = false;
    window.addEventListener("online", goOnAtOnce);
    if (!tus.url) {
      const [before] = await tus.findPreviousUploads();
      if (before) tus.resumeFromPreviousUpload(before);
    }
    if (!stopped) tus.start();
  };
  const stop = (forGood: boolean) => {
    stopped = true;
    window.removeEventListener("online", goOnAtOnce);
    return tus.abort(forGood).catch(() => {});
  };
  /** The network is back: do not wait for the pause to end. */
  const goOnAtOnce = () => void stop(false).then(start);
  return {
    finished,
    start: () => void start(),
    stop: () => void stop(false),
    forget: () => void stop(true),
  };
}

function optionsFor({ companyId, purpose, file, baseUrl = "", onProgress }: UploadRequest) {
  const endpoint = `${baseUrl}/api/v1/companies/${encodeURIComponent(companyId)}/uploads/tus`;
  return {
    endpoint,
    metadata: { filename: file.name, purpose },
    chunkSize: PIECE_BYTES,
    uploadDataDuringCreation: file.size <= AT_ONCE_BYTES,
    retryDelays: PAUSES_MS,
    removeFingerprintOnSuccess: true,
    // The same file chosen again, after a reload too, goes on where it was.
    fingerprint: async () =>
      ["arv", companyId, purpose, file.name, file.size, file.lastModified].join(":"),
    onProgress: (sent: number) => onProgress?.(sent, file.size),
  };
}

/** What the server made of the file; asked for again while it is still being checked. */
export async function storedUpload(
  request: UploadRequest,
  place: string,
  uploadId: string | undefined,
): Promise<Upload> {
  const uploads = `${request.baseUrl ?? ""}/api/v1/companies/${request.companyId}/uploads`;
  for (const pause of [...PAUSES_MS, null]) {
    const answer = await (uploadId
      ? fetch(`${uploads}/${uploadId}`)
      : fetch(`${place}/complete`, { method: "POST" })
    ).catch(() => null);
    if (answer?.ok) return answer.json();
    const problem = answer
      ? problemFrom(answer.status, parsed(await answer.text()))
      : unreachable();
    if (pause === null || !healsByItself(problem)) throw problem;
    await new Promise((resolve) => setTimeout(resolve, Math.max(pause, CHECKED_AGAIN_MS)));
  }
  throw unreachable();
}

/** Whether the same bytes may be taken a little later. A full quota is a 409 too, and is not. */
function healsByItself({ status, code }: Problem): boolean {
  return (
    status === 0 ||
    status === 423 ||
    status === 429 ||
    status >= 500 ||
    code === "upload_offset_differs" ||
    code === "checksum_differs"
  );
}

function problemOf(error: Error | DetailedError): Problem {
  const answer: HttpResponse | null = "originalResponse" in error ? error.originalResponse : null;
  const status = answer?.getStatus() ?? 0;
  return status === 0 || !answer ? unreachable() : problemFrom(status, parsed(answer.getBody()));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
