import type { StorageConnection, Tagged } from "@arv/api-client";
import { Skeleton, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import { LoadProblem } from "@/components/load-problem";
import { connectionQuery, useUpdateConnection } from "../api/connections";
import { type BucketWords, isComplete, updateOf, wordsOf } from "../bucket-words";
import { BucketFields } from "./bucket-fields";

interface EditProps {
  companyId: string;
  connection: StorageConnection;
  onDone: () => void;
}

/** The form of a connection, begun with its newest version. */
export function EditConnection({ companyId, connection, onDone }: EditProps) {
  const query = useQuery({ ...connectionQuery(companyId, connection.id), staleTime: 0 });
  const [opened] = useState(Date.now);
  if (query.error) return <LoadProblem query={query} />;
  if (!query.data || query.dataUpdatedAt < opened) return <Skeleton height={420} radius="md" />;
  return <EditForm companyId={companyId} first={query.data} onDone={onDone} />;
}

interface FormProps {
  companyId: string;
  first: Tagged<StorageConnection>;
  onDone: () => void;
}

function EditForm({ companyId, first, onDone }: FormProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [seen, setSeen] = useState(first);
  const [words, setWords] = useState(() => wordsOf(first.name, first.s3));
  const update = useUpdateConnection(companyId, first.id, onDone);
  const fresh = () =>
    queryClient.fetchQuery({ ...connectionQuery(companyId, first.id), staleTime: 0 });
  const save = (etag: string | undefined) =>
    update.mutate({ ...(seen.s3 ? updateOf(words) : { name: words.name.trim() }), etag });
  const conflict = {
    onTheirs: async () => {
      const theirs = await fresh();
      setSeen(theirs);
      setWords(wordsOf(theirs.name, theirs.s3));
      update.reset();
    },
    onMine: async () => save((await fresh()).etag),
  };
  return (
    <DialogForm
      submitLabel={t("common.save")}
      onSubmit={() => save(seen.etag)}
      onCancel={onDone}
      pending={update.isPending}
      error={update.error}
      conflict={conflict}
      disabled={seen.s3 ? !isComplete(words, false) : words.name.trim() === ""}
    >
      <Fields connection={seen} words={words} onChange={setWords} />
    </DialogForm>
  );
}

interface FieldsProps {
  connection: StorageConnection;
  words: BucketWords;
  onChange: (words: BucketWords) => void;
}

function Fields({ connection, words, onChange }: FieldsProps) {
  const { t } = useTranslation("storage");
  if (connection.s3)
    return (
      <BucketFields value={words} onChange={onChange} isNew={false} inUse={connection.is_default} />
    );
  return (
    <TextInput
      label={t("form.name")}
      maxLength={120}
      value={words.name}
      onChange={(event) => onChange({ ...words, name: event.currentTarget.value })}
      data-autofocus
    />
  );
}
