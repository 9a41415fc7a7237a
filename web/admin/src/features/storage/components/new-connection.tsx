import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddButton } from "@/components/add-button";
import { DialogForm } from "@/components/dialog-form";
import { useCreateConnection } from "../api/connections";
import { creationOf, isComplete, NO_WORDS } from "../bucket-words";
import { BucketFields } from "./bucket-fields";

/** The button that adds a bucket, and the dialog it opens. */
export function NewConnection({ companyId }: { companyId: string }) {
  const { t } = useTranslation("storage");
  return (
    <AddButton label={t("new")}>
      {(close) => <NewForm companyId={companyId} onDone={close} />}
    </AddButton>
  );
}

function NewForm({ companyId, onDone }: { companyId: string; onDone: () => void }) {
  const { t } = useTranslation("storage");
  const [words, setWords] = useState(NO_WORDS);
  const create = useCreateConnection(companyId, onDone);
  return (
    <DialogForm
      submitLabel={t("create")}
      onSubmit={() => create.mutate(creationOf(words))}
      onCancel={onDone}
      pending={create.isPending}
      error={create.error}
      disabled={!isComplete(words, true)}
    >
      <BucketFields value={words} onChange={setWords} isNew />
    </DialogForm>
  );
}
