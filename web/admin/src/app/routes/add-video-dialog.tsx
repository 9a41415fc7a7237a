import type { ArContent, Video } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { useAddVideo } from "@/features/contents/api/add-video";
import { useRemoveVideo } from "@/features/contents/api/remove-video";
import { useUpdateContent } from "@/features/contents/api/update-content";
import { UploadField } from "@/features/uploads/components/upload-field";
import { isRunning } from "@/features/uploads/upload-state";
import { useLeaveGuard } from "@/features/uploads/use-leave-guard";
import { useUpload } from "@/features/uploads/use-upload";

interface AddVideoDialogProps {
  content: ArContent;
  opened: boolean;
  onClose: () => void;
  /** The video whose place the new one takes. */
  replacing?: string;
}

export function AddVideoDialog({ opened, onClose, replacing, content }: AddVideoDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      size="lg"
      title={t(replacing ? "video.replace" : "video.add")}
    >
      <AddVideo content={content} replacing={replacing} onDone={onClose} />
    </Dialog>
  );
}

function AddVideo({
  content,
  replacing,
  onDone,
}: {
  content: ArContent;
  replacing?: string;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const slot = useUpload(content.company_id, "video");
  const takePlace = useTakePlace(content, replacing, onDone);
  const add = useAddVideo(content, takePlace.start);
  useLeaveGuard(isRunning(slot.state));
  const { state } = slot;
  return (
    <DialogForm
      submitLabel={t(replacing ? "video.replace" : "video.add")}
      onSubmit={() => state.phase === "done" && add.mutate(state.upload.id)}
      onCancel={onDone}
      pending={add.isPending || takePlace.pending}
      error={add.error ?? takePlace.error}
      disabled={state.phase !== "done"}
    >
      <UploadField slot={slot} inviting={false} />
    </DialogForm>
  );
}

/** Make the new video the one that plays, then take the old one away; nothing when none is replaced. */
function useTakePlace(content: ArContent, replacing: string | undefined, onDone: () => void) {
  const remove = useRemoveVideo(content, onDone);
  const update = useUpdateContent(content);
  const start = (video: Video) => {
    if (!replacing) return onDone();
    const removeOld = () => remove.mutate(replacing);
    if (content.default_video_id !== replacing) return removeOld();
    update.mutate({ default_video_id: video.id }, { onSuccess: removeOld });
  };
  return {
    start,
    pending: remove.isPending || update.isPending,
    error: remove.error ?? update.error,
  };
}
