import type { FilePlace } from "@/features/contents/readiness";
import type { UploadState } from "@/features/uploads/upload-state";

/** An upload as the form of a new content sees it: nothing there, on its way, stuck, or its id. */
export function filePlace(state: UploadState): FilePlace {
  switch (state.phase) {
    case "empty":
      return { kind: "none" };
    case "sending":
    case "checking":
      return { kind: "coming" };
    case "done":
      return { kind: "stored", uploadId: state.upload.id };
    default:
      return { kind: "stuck" };
  }
}
