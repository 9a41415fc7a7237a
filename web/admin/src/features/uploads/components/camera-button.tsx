import type { UploadPurpose } from "@arv/api-client";
import { IconCamera } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./camera-button.module.css";

/** Straight to the camera on a phone; some systems offer only the gallery in their file dialog. */
export function CameraButton({
  purpose,
  onFile,
}: {
  purpose: UploadPurpose;
  onFile: (file: File) => void;
}) {
  const { t } = useTranslation();
  return (
    <label className={classes.camera}>
      <IconCamera size={20} stroke={1.7} aria-hidden />
      {t(`upload.${purpose}.camera`)}
      <input
        type="file"
        className="visually-hidden"
        accept={`${purpose}/*`}
        capture="environment"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}
