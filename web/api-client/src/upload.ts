import { type Problem, problemFrom, unreachable } from "./problem";
import type { Upload, UploadPurpose } from "./types";

export interface UploadRequest {
  companyId: string;
  purpose: UploadPurpose;
  file: File;
  /** Called with the bytes the network has taken so far. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  baseUrl?: string;
}

export interface RunningUpload {
  /** Resolves to the stored upload; rejects with a `Problem`, or an `AbortError` after `cancel`. */
  finished: Promise<Upload>;
  cancel: () => void;
}

/**
 * Send a file as the raw body of one request. XMLHttpRequest, because `fetch` still can not say how
 * much of a body has left the machine.
 */
export function startUpload(request: UploadRequest): RunningUpload {
  const xhr = new XMLHttpRequest();
  const finished = new Promise<Upload>((resolve, reject) => {
    xhr.upload.onprogress = (event) => request.onProgress?.(event.loaded, request.file.size);
    xhr.onload = () => {
      const outcome = outcomeOf(xhr);
      if ("upload" in outcome) resolve(outcome.upload);
      else reject(outcome.problem);
    };
    xhr.onerror = () => reject(unreachable());
    xhr.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
  });
  xhr.open("POST", uploadUrl(request));
  xhr.setRequestHeader("Content-Type", request.file.type || "application/octet-stream");
  xhr.send(request.file);
  return { finished, cancel: () => xhr.abort() };
}

function uploadUrl({ companyId, purpose, file, baseUrl = "" }: UploadRequest): string {
  const query = new URLSearchParams({ purpose, filename: file.name });
  return `${baseUrl}/api/v1/companies/${encodeURIComponent(companyId)}/uploads?${query}`;
}

function outcomeOf(xhr: XMLHttpRequest): { upload: Upload } | { problem: Problem } {
  const body = parsed(xhr.responseText);
  if (xhr.status >= 200 && xhr.status < 300 && body) return { upload: body as Upload };
  return { problem: problemFrom(xhr.status, body) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
