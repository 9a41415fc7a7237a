import type { UploadPurpose } from "@arv/api-client";
import { IconMovie, IconPhoto } from "@tabler/icons-react";
import type { ChangeEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Brackets } from "@/components/brackets";
import { ACCEPT } from "../accept";
import classes from "./drop-zone.module.css";

interface DropZoneProps {
  /** Id of the file input, for other labels of it. */
  id: string;
  purpose: UploadPurpose;
  onFile: (file: File) => void;
  /** Files are being dragged over the window. */
  inviting: boolean;
  /** What to show once a file is chosen, in place of the invitation. */
  children?: ReactNode;
}

const TEST_IDS = { image: "drop-photo", video: "drop-video" } as const;

/** A place for a file: the label makes click, tap and keyboard open the system's file dialog. */
export function DropZone({ id, purpose, onFile, inviting, children }: DropZoneProps) {
  const { t } = useTranslation();
  const filled = Boolean(children);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.currentTarget.files?.[0];
    if (file) onFile(file);
    event.currentTarget.value = "";
  };
  return (
    <label
      className={classes.zone}
      data-testid={TEST_IDS[purpose]}
      data-filled={filled || undefined}
    >
      <Brackets
        tone={inviting ? "coral" : filled ? "ink" : "quiet"}
        inset={inviting || filled ? "0.625rem" : "1rem"}
      />
      <input
        id={id}
        type="file"
        className="visually-hidden"
        accept={ACCEPT[purpose]}
        onChange={take}
        aria-label={t(`upload.${purpose}.choose`)}
      />
      {filled ? children : <Invitation purpose={purpose} />}
    </label>
  );
}

function Invitation({ purpose }: { purpose: UploadPurpose }) {
  const { t } = useTranslation();
  const Icon = purpose === "image" ? IconPhoto : IconMovie;
  return (
    <span className={classes.invite}>
      <span className={classes.icon}>
        <Icon size={26} stroke={1.6} aria-hidden />
      </span>
      <span className={classes.title}>{t(`upload.${purpose}.title`)}</span>
      <span className={classes.how}>{t(`upload.${purpose}.how`)}</span>
      <span className={classes.formats}>{t(`upload.${purpose}.formats`)}</span>
    </span>
  );
}
