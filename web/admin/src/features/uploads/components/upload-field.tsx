import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { UploadSlot } from "../use-upload";
import { CameraButton } from "./camera-button";
import { DropZone } from "./drop-zone";
import classes from "./drop-zone.module.css";
import { FilePreview } from "./file-preview";
import { UploadProgress } from "./upload-progress";

/** A drop zone with its preview, its progress and its way out of trouble. */
export function UploadField({ slot, inviting }: { slot: UploadSlot; inviting: boolean }) {
  const { t } = useTranslation();
  const { state, purpose } = slot;
  const inputId = useId();
  return (
    <section className={classes.field} aria-label={t(`upload.${purpose}.label`)}>
      <DropZone id={inputId} purpose={purpose} onFile={slot.choose} inviting={inviting}>
        {state.phase !== "empty" && state.phase !== "refused" && (
          <FilePreview
            key={state.file.name + state.file.lastModified}
            purpose={purpose}
            file={state.file}
          />
        )}
      </DropZone>
      {state.phase === "empty" && <CameraButton purpose={purpose} onFile={slot.choose} />}
      <UploadProgress slot={slot} inputId={inputId} />
    </section>
  );
}
