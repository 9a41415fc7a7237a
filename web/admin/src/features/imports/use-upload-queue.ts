import { startUpload } from "@arv/api-client";
import { useCallback, useEffect, useRef, useState } from "react";
import { createUploadQueue, type QueuedFile, type UploadQueue } from "./upload-queue";
import type { MatchedFile } from "./wanted-files";

/** A queue that lives as long as its screen. `onIdle` is called when all that was added has ended. */
export function useUploadQueue(companyId: string, onIdle: () => void) {
  const [files, setFiles] = useState<readonly QueuedFile[]>([]);
  const queue = useRef<UploadQueue | null>(null);
  const latestOnIdle = useRef(onIdle);
  latestOnIdle.current = onIdle;
  useEffect(() => {
    const made = createUploadQueue({
      send: (file, onProgress) => startUpload({ companyId, ...underItsName(file), onProgress }),
      onChange: setFiles,
      onIdle: () => latestOnIdle.current(),
    });
    queue.current = made;
    return () => {
      made.stop();
      setFiles([]);
    };
  }, [companyId]);
  const add = useCallback((added: readonly MatchedFile[]) => queue.current?.add(added), []);
  const retryFailed = useCallback(() => queue.current?.retryFailed(), []);
  return { files, add, retryFailed };
}

/** The server looks for the name as the table has it, whatever the file is called on this machine. */
const underItsName = ({ name, purpose, file }: MatchedFile) => ({
  purpose,
  file:
    file.name === name
      ? file
      : new File([file], name, { type: file.type, lastModified: file.lastModified }),
});
