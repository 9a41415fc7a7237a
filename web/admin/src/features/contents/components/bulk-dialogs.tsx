import type { BulkAction } from "@arv/api-client";
import { Button } from "@mantine/core";
import type { TFunction } from "i18next";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { Row, RowList } from "@/components/row-list";
import { codeMessage } from "@/lib/problem-message";
import { type BulkOutcome, type Failure, TARGET_FAILED } from "../bulk-outcome";
import classes from "./bulk-dialogs.module.css";

/** What is asked about once before it is done to many; the rest can be taken back. */
export const ASKED_ABOUT = ["unpublish", "archive", "delete"] as const;
type AskedAbout = (typeof ASKED_ABOUT)[number];

export const isAskedAbout = (action: BulkAction): action is AskedAbout =>
  (ASKED_ABOUT as readonly string[]).includes(action);

interface BulkQuestionProps {
  action: AskedAbout | null;
  count: number;
  onConfirm: () => void;
  onClose: () => void;
  pending: boolean;
  error: unknown;
}

export function BulkQuestion({ action, count, ...dialog }: BulkQuestionProps) {
  const { t } = useTranslation("contents");
  // The words stay while the dialog fades away.
  const [asked, setAsked] = useState<AskedAbout>("unpublish");
  if (action && action !== asked) setAsked(action);
  return (
    <ConfirmDialog
      opened={action !== null}
      title={t(`bulk.${asked}.title`, { count })}
      words={t(`bulk.${asked}.words`)}
      confirmLabel={t(`bulk.${asked}.do`)}
      {...dialog}
    />
  );
}

interface MoveDialogProps {
  opened: boolean;
  title: string;
  /** The place to choose a project. */
  picker: (value: string | null, onChange: (id: string | null) => void) => ReactNode;
  onMove: (projectId: string) => void;
  onClose: () => void;
  pending: boolean;
  error: unknown;
}

export function MoveDialog({ opened, title, ...form }: MoveDialogProps) {
  return (
    <Dialog opened={opened} onClose={form.onClose} title={title}>
      <MoveForm {...form} />
    </Dialog>
  );
}

function MoveForm({ picker, onMove, onClose, ...form }: Omit<MoveDialogProps, "opened" | "title">) {
  const { t } = useTranslation("contents");
  const [projectId, setProjectId] = useState<string | null>(null);
  return (
    <DialogForm
      submitLabel={t("bulk.move.do")}
      onSubmit={() => projectId && onMove(projectId)}
      onCancel={onClose}
      disabled={projectId === null}
      {...form}
    >
      {picker(projectId, setProjectId)}
    </DialogForm>
  );
}

/** What an action could not do, each with the reason in words. */
export function BulkResults({
  outcome,
  onClose,
}: {
  outcome: BulkOutcome | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("contents");
  const [told, setTold] = useState(outcome);
  if (outcome && outcome !== told) setTold(outcome);
  return (
    <Dialog
      opened={outcome !== null}
      onClose={onClose}
      size="lg"
      title={t("bulk.notAll", { count: told?.failed.length ?? 0 })}
    >
      {told && (
        <div className={classes.results} data-testid="bulk-results">
          {told.succeeded > 0 && (
            <p className={classes.done}>
              {t(`bulk.${told.action}.done`, { count: told.succeeded })}
            </p>
          )}
          <RowList label={t("bulk.notAll", { count: told.failed.length })}>
            {told.failed.map((failure) => (
              <FailureRow key={failure.id} failure={failure} />
            ))}
          </RowList>
          <Button className={classes.close} variant="ink" onClick={onClose}>
            {t("bulk.understood")}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

function FailureRow({ failure }: { failure: Failure }) {
  const { t } = useTranslation();
  return <Row title={failure.title} detail={reasonOf(failure, t)} />;
}

function reasonOf({ code, detail }: Failure, t: TFunction): string {
  if (code === TARGET_FAILED) return t("publish.blocked.target_failed");
  const words = codeMessage(code, t);
  if (words) return `${words.title}. ${words.advice}`;
  return detail || t("problem.code.unexpected.title");
}
