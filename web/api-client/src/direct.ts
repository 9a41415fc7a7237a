import { createSHA256 } from "hash-wasm";
import { Problem } from "./problem";
import { type Sending, storedUpload } from "./resumable";
import type { Upload } from "./types";
import type { UploadRequest } from "./upload";

/** A smaller file is there before the detour through us is felt, and a lost line costs it less. */
const DIRECT_FROM_BYTES = 8 * 1024 * 1024;
const HASHED_AT_ONCE_BYTES = 8 * 1024 * 1024;

/** Whether the file may go straight into the company's object store. No answer is a no. */
export async function mayGoDirectly(request: UploadRequest): Promise<boolean> {
  if (request.file.size < DIRECT_FROM_BYTES) return false;
  const answer = await fetch(directPath(request)).catch(() => null);
  return Boolean(answer?.ok && (await answer.json()).is_open_to_pages);
}

/**
 * Sends the file straight into the object store, and lets the server check it there. Whatever goes wrong on
 * the way, the file is sent through the server instead, by `otherwise`: nobody need know that there are two ways.
 */
export function prepareDirect(request: UploadRequest, otherwise: () => Sending): Sending {
  let settle: { resolve: (upload: Upload | Promise<Upload>) => void; reject: (e: unknown) => void };
  const finished = new Promise<Upload>((resolve, reject) => {
    settle = { resolve, reject };
  });
  let turn: AbortController | null = null;
  let other: Sending | null = null;
  const start = () => {
    if (other) return other.start();
    if (turn) return;
    turn = new AbortController();
    const { signal } = turn;
    sendDirectly(request, signal).then(settle.resolve, (error) => {
      if (signal.aborted) return;
      if (!mayPassElsewhere(error)) return settle.reject(error);
      other = otherwise();
      settle.resolve(other.finished);
      other.start();
    });
  };
  const stop = () => {
    turn?.abort();
    turn = null;
    other?.stop();
  };
  const forget = () => {
    turn?.abort();
    other?.forget();
  };
  return { finished, start, stop, forget };
}

/** A refusal of the file itself would be the same on the other way; everything else is tried there. */
const mayPassElsewhere = (error: unknown) =>
  !(error instanceof Problem) || ![413, 415, 422].includes(error.status);

async function sendDirectly(request: UploadRequest, signal: AbortSignal): Promise<Upload> {
  const { file, purpose, onProgress } = request;
  const sha256 = await hashOf(file, signal);
  const begun = await fetch(directPath(request), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ purpose, filename: file.name, size_bytes: file.size, sha256 }),
    signal,
  });
  if (!begun.ok) throw new Error(`no address for a direct upload: ${begun.status}`);
  const { upload, url, headers } = await begun.json();
  const place = `${directPath(request)}/${upload.id}`;
  try {
    await put(url, headers, file, signal, (sent) => onProgress?.(sent, file.size));
    return await storedUpload(request, place, undefined);
  } catch (error) {
    void fetch(place, { method: "DELETE" }).catch(() => {});
    throw error;
  }
}

/** The file's SHA-256 in hexadecimal, in constant memory: the store takes these bytes and no others. */
async function hashOf(file: File, signal: AbortSignal): Promise<string> {
  const hash = await createSHA256();
  for (let at = 0; at < file.size; at += HASHED_AT_ONCE_BYTES) {
    signal.throwIfAborted();
    const piece = await file.slice(at, at + HASHED_AT_ONCE_BYTES).arrayBuffer();
    hash.update(new Uint8Array(piece));
  }
  return hash.digest("hex");
}

/** `fetch` tells nothing of how far it is. */
function put(
  url: string,
  headers: Record<string, string>,
  file: File,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    const fail = () => reject(new Error(`the object store answered ${sending.status}`));
    sending.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) sending.setRequestHeader(name, value);
    sending.upload.addEventListener("progress", ({ loaded }) => onSent(loaded));
    sending.addEventListener("load", () => (sending.status < 300 ? resolve() : fail()));
    for (const name of ["error", "abort", "timeout"]) sending.addEventListener(name, fail);
    signal.addEventListener("abort", () => sending.abort(), { once: true });
    sending.send(file);
  });
}

const directPath = ({ baseUrl = "", companyId }: UploadRequest) =>
  `${baseUrl}/api/v1/companies/${encodeURIComponent(companyId)}/uploads/direct`;
