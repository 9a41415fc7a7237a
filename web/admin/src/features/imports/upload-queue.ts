import { Problem, type RunningUpload, unreachable } from "@arv/api-client";
import type { MatchedFile } from "./wanted-files";

/** Where one of many files is on its way. */
export interface QueuedFile extends MatchedFile {
  phase: "waiting" | "sending" | "done" | "failed";
  sentBytes: number;
  problem: Problem | null;
}

export interface QueueOptions {
  /** Begins to send a file under the name the table has for it. */
  send: (file: MatchedFile, onProgress: (sentBytes: number) => void) => RunningUpload;
  onChange: (files: readonly QueuedFile[]) => void;
  /** Called whenever nothing waits any more. */
  onIdle: () => void;
  sleep?: (ms: number) => Promise<void>;
}

/** Two at a time: the second keeps the line full while the server checks the first. */
const AT_ONCE = 2;
/** What heals by itself is sent again after these pauses, milliseconds. */
const PAUSES_MS = [1000, 4000, 15_000];

export interface UploadQueue {
  add: (files: readonly MatchedFile[]) => void;
  retryFailed: () => void;
  stop: () => void;
}

/** Sends many files, a few at a time. `stop` ends it for good; what is on its way goes on when it is added again. */
export function createUploadQueue(options: QueueOptions): UploadQueue {
  const { onChange, onIdle } = options;
  let files: QueuedFile[] = [];
  const sender = createSender(options);

  const show = (now: QueuedFile[]) => {
    files = now;
    onChange(files);
  };
  const set = (key: string, part: Partial<QueuedFile>) => {
    if (sender.stopped()) return;
    show(files.map((each) => (keyOf(each) === key ? { ...each, ...part } : each)));
  };
  const work = async (file: QueuedFile) => {
    const key = keyOf(file);
    set(key, { phase: "sending", sentBytes: 0, problem: null });
    try {
      await sender.send(file, (sentBytes) => set(key, { sentBytes }));
      set(key, { phase: "done", sentBytes: file.file.size });
    } catch (error) {
      set(key, { phase: "failed", problem: asProblem(error) });
    }
    next();
  };
  const next = () => {
    if (sender.stopped()) return;
    const free = AT_ONCE - files.filter((each) => each.phase === "sending").length;
    const waiting = files.filter((each) => each.phase === "waiting");
    for (const file of waiting.slice(0, free)) void work(file);
    if (waiting.length === 0 && free === AT_ONCE) onIdle();
  };
  const restart = (now: QueuedFile[]) => {
    show(now);
    next();
  };
  return {
    add: (matched) => restart([...without(files, matched), ...matched.map(queued)]),
    retryFailed: () =>
      restart(files.map((each) => (each.phase === "failed" ? queued(each) : each))),
    stop: sender.stop,
  };
}

/** Sends one file, again and again while what stops it may heal by itself. */
function createSender({ send, sleep = pause }: QueueOptions) {
  let stopped = false;
  const running = new Set<RunningUpload>();
  const sendOnce = async (file: MatchedFile, onProgress: (sentBytes: number) => void) => {
    const upload = send(file, onProgress);
    running.add(upload);
    await upload.finished.finally(() => running.delete(upload));
  };
  return {
    stopped: () => stopped,
    stop: () => {
      stopped = true;
      for (const upload of running) upload.pause();
    },
    send: async (file: MatchedFile, onProgress: (sentBytes: number) => void) => {
      for (const wait of [...PAUSES_MS, null]) {
        try {
          return await sendOnce(file, onProgress);
        } catch (error) {
          if (stopped || wait === null || !healsByItself(error)) throw error;
          await sleep(wait);
          if (stopped) throw error;
        }
      }
    },
  };
}

/** How far the queue is as a whole. */
export function queueProgress(files: readonly QueuedFile[]) {
  const total = files.reduce((sum, each) => sum + each.file.size, 0);
  const sent = files.reduce((sum, each) => sum + Math.min(each.sentBytes, each.file.size), 0);
  const count = (phase: QueuedFile["phase"]) => files.filter((each) => each.phase === phase).length;
  return {
    share: total === 0 ? 0 : sent / total,
    done: count("done"),
    running: count("sending") + count("waiting") > 0,
    failed: files.filter((each) => each.phase === "failed"),
  };
}

const keyOf = ({ purpose, name }: MatchedFile) => `${purpose}:${name}`;

const queued = ({ name, purpose, file }: MatchedFile): QueuedFile => ({
  name,
  purpose,
  file,
  phase: "waiting",
  sentBytes: 0,
  problem: null,
});

function without(files: readonly QueuedFile[], matched: readonly MatchedFile[]): QueuedFile[] {
  const keys = new Set(matched.map(keyOf));
  return files.filter((each) => !keys.has(keyOf(each)));
}

function healsByItself(error: unknown): boolean {
  const { status } = asProblem(error);
  return status === 0 || status === 429 || status >= 500;
}

const asProblem = (error: unknown) => (error instanceof Problem ? error : unreachable());

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
