import type { UploadPurpose } from "@arv/api-client";
import { IconMovie, IconPhoto } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import printClasses from "@/components/print.module.css";
import classes from "./drop-zone.module.css";

/** The chosen file at once, from this device, long before it has been sent. */
export function FilePreview({ purpose, file }: { purpose: UploadPurpose; file: File }) {
  const { t } = useTranslation();
  const url = useObjectUrl(file);
  const [unreadable, setUnreadable] = useState(false);
  const alt = t("upload.preview", { name: file.name });
  return (
    <span className={`${printClasses.print} ${classes.print}`}>
      {unreadable && <Blank purpose={purpose} />}
      {!unreadable && purpose === "image" && (
        <img className={classes.media} src={url} alt={alt} onError={() => setUnreadable(true)} />
      )}
      {!unreadable && purpose === "video" && (
        <video
          className={classes.media}
          src={url}
          aria-label={alt}
          onError={() => setUnreadable(true)}
          autoPlay
          muted
          loop
          playsInline
        />
      )}
    </span>
  );
}

/** Shown for what this browser can not open itself, such as HEIC: the server can. */
function Blank({ purpose }: { purpose: UploadPurpose }) {
  const Icon = purpose === "image" ? IconPhoto : IconMovie;
  return (
    <span className={classes.blank}>
      <Icon size={40} stroke={1.3} aria-hidden />
    </span>
  );
}

function useObjectUrl(file: File): string {
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return url;
}
