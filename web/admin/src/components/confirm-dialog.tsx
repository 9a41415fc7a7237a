import { Dialog } from "@/components/dialog";
import { DialogForm } from "./dialog-form";
import classes from "./dialog-form.module.css";

interface ConfirmDialogProps {
  opened: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  words: string;
  confirmLabel: string;
  pending: boolean;
  error: unknown;
}

/** Asks once before something that can not be undone. */
export function ConfirmDialog({
  opened,
  onClose,
  onConfirm,
  title,
  words,
  ...form
}: ConfirmDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <DialogForm
        submitLabel={form.confirmLabel}
        onSubmit={onConfirm}
        onCancel={onClose}
        pending={form.pending}
        error={form.error}
        danger
      >
        <p className={classes.words}>{words}</p>
      </DialogForm>
    </Dialog>
  );
}
