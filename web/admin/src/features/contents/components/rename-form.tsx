import type { ArContent, Tagged } from "@arv/api-client";
import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import { contentQuery } from "../api/get-content";
import { useUpdateContent } from "../api/update-content";

interface RenameFormProps {
  content: Tagged<ArContent>;
  onDone: () => void;
}

/** Another title; when somebody else has changed the content meanwhile, a choice between both. */
export function RenameForm({ content, onDone }: RenameFormProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  // What the form was begun with: the screen below goes on learning, the form must not.
  const [seen, setSeen] = useState(content);
  const [title, setTitle] = useState(content.title);
  const update = useUpdateContent(seen, onDone);
  const fresh = () =>
    queryClient.fetchQuery({ ...contentQuery(seen.company_id, seen.id), staleTime: 0 });
  const conflict = {
    onTheirs: async () => {
      const theirs = await fresh();
      setSeen(theirs);
      setTitle(theirs.title);
      update.reset();
    },
    onMine: async () => update.mutate({ title: title.trim(), etag: (await fresh()).etag }),
  };
  return (
    <DialogForm
      submitLabel={t("common.save")}
      onSubmit={() => update.mutate({ title: title.trim() })}
      onCancel={onDone}
      pending={update.isPending}
      error={update.error}
      conflict={conflict}
      disabled={title.trim() === ""}
    >
      <TextInput
        label={t("content.title")}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={200}
        data-autofocus
        data-testid="rename-title"
      />
    </DialogForm>
  );
}
