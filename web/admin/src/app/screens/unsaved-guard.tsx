import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";

/** Asks before a screen with unsaved changes is left, within the panel and out of it. */
export function UnsavedGuard({ unsaved }: { unsaved: boolean }) {
  const { t } = useTranslation();
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => unsaved && current.pathname !== next.pathname,
    enableBeforeUnload: unsaved,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      opened={status === "blocked"}
      onClose={() => reset?.()}
      onConfirm={() => proceed?.()}
      title={t("unsaved.title")}
      words={t("unsaved.words")}
      confirmLabel={t("unsaved.leave")}
      pending={false}
      error={null}
    />
  );
}
