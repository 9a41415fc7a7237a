import type { ArContent, Tagged, UploadPurpose } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { useAddVideo } from "@/features/contents/api/add-video";
import { useReplaceImage } from "@/features/contents/api/replace-image";
import { useUpdateVideo } from "@/features/contents/api/update-video";
import { UploadField } from "@/features/uploads/components/upload-field";
import { isRunning } from "@/features/uploads/upload-state";
import { useLeaveGuard } from "@/features/uploads/use-leave-guard";
import { useUpload } from "@/features/uploads/use-upload";
import classes from "./content.module.css";

/** What a file is being asked for: another video, one in the place of another, or another photo. */
export type Wanted = { kind: "video"; replacing?: string } | { kind: "image" };

interface UploadDialogProps {
  content: Tagged<ArContent>;
  wanted: Wanted | null;
  onClose: () => void;
}

export function UploadDialog({ content, wanted, onClose }: UploadDialogProps) {
  const { t } = useTranslation(["common", "contents"]);
  const image = wanted?.kind === "image";
  const replacing = wanted?.kind === "video" ? wanted.replacing : undefined;
  const title = image
    ? t("contents:replaceImage.title")
    : t(replacing ? "video.replace" : "video.add");
  return (
    <Dialog opened={wanted !== null} onClose={onClose} size="lg" title={title}>
      {image && <NewImage content={content} onDone={onClose} />}
      {wanted?.kind === "video" && !replacing && <NewVideo content={content} onDone={onClose} />}
      {replacing && <OtherFile content={content} videoId={replacing} onDone={onClose} />}
    </Dialog>
  );
}

interface FormProps {
  content: Tagged<ArContent>;
  onDone: () => void;
}

function NewVideo({ content, onDone }: FormProps) {
  const { t } = useTranslation();
  const add = useAddVideo(content, onDone);
  return (
    <FileForm
      companyId={content.company_id}
      purpose="video"
      submitLabel={t("video.add")}
      onSubmit={add.mutate}
      onCancel={onDone}
      {...add}
    />
  );
}

function OtherFile({ content, videoId, onDone }: FormProps & { videoId: string }) {
  const { t } = useTranslation();
  const update = useUpdateVideo(content, onDone);
  return (
    <FileForm
      companyId={content.company_id}
      purpose="video"
      submitLabel={t("video.replace")}
      onSubmit={(uploadId) => update.mutate({ videoId, upload_id: uploadId })}
      onCancel={onDone}
      {...update}
    />
  );
}

function NewImage({ content, onDone }: FormProps) {
  const { t } = useTranslation("contents");
  const replace = useReplaceImage(content, onDone);
  return (
    <FileForm
      companyId={content.company_id}
      purpose="image"
      words={t("replaceImage.words")}
      submitLabel={t("replaceImage.do")}
      onSubmit={replace.mutate}
      onCancel={onDone}
      {...replace}
    />
  );
}

interface FileFormProps {
  companyId: string;
  purpose: UploadPurpose;
  words?: string;
  submitLabel: string;
  onSubmit: (uploadId: string) => void;
  onCancel: () => void;
  isPending: boolean;
  error: unknown;
}

/** One file to choose, and what happens with it once it has arrived. */
function FileForm({ companyId, purpose, words, onSubmit, ...form }: FileFormProps) {
  const slot = useUpload(companyId, purpose);
  useLeaveGuard(isRunning(slot.state));
  const { state } = slot;
  return (
    <DialogForm
      submitLabel={form.submitLabel}
      onSubmit={() => state.phase === "done" && onSubmit(state.upload.id)}
      onCancel={form.onCancel}
      pending={form.isPending}
      error={form.error}
      disabled={state.phase !== "done"}
      submitTestId="upload-use"
    >
      {words && <p className={classes.dialogWords}>{words}</p>}
      <UploadField slot={slot} inviting={false} />
    </DialogForm>
  );
}
