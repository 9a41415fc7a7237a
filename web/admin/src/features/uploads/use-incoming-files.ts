import type { UploadPurpose } from "@arv/api-client";
import { useEffect, useState } from "react";
import { sortFiles } from "./accept";

/**
 * Take files dropped anywhere on the page or pasted from the clipboard. Returns whether files are
 * being dragged over the window, so that the drop zones can invite them.
 */
export function useIncomingFiles(onFile: (purpose: UploadPurpose, file: File) => void): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const take = (files: FileList | undefined) => {
      const sorted = sortFiles(files ?? []);
      for (const purpose of ["image", "video"] as const) {
        const file = sorted[purpose];
        if (file) onFile(purpose, file);
      }
    };
    const listening = new AbortController();
    const on = <K extends keyof DocumentEventMap>(
      type: K,
      act: (event: DocumentEventMap[K]) => void,
    ) => document.addEventListener(type, act, { signal: listening.signal });
    on("paste", (event) => take(event.clipboardData?.files));
    on("dragover", (event) => {
      event.preventDefault();
      setDragging(event.dataTransfer?.types.includes("Files") ?? false);
    });
    on("dragleave", (event) => event.relatedTarget === null && setDragging(false));
    on("drop", (event) => {
      event.preventDefault();
      setDragging(false);
      take(event.dataTransfer?.files);
    });
    return () => listening.abort();
  }, [onFile]);
  return dragging;
}
