import type { ArContent } from "@arv/api-client";
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useCreateContent } from "../api/create-content";
import { type FilePlace, readiness } from "../readiness";
import classes from "./new-content-form.module.css";

interface NewContentFormProps {
  place: { companyId: string; projectId: string };
  suggestedTitle: string;
  photo: FilePlace;
  video: FilePlace;
  onCreated: (content: ArContent) => void;
}

/** The title and the go. Asked early, it waits for the files and creates the moment they are there. */
export function NewContentForm({
  place,
  suggestedTitle,
  photo,
  video,
  onCreated,
}: NewContentFormProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const create = useCreateContent(place, onCreated);
  const title = (typed ?? suggestedTitle).trim();
  const ready = readiness(title, photo, video);
  const uploads = ready.kind === "ready" ? ready : null;

  useEffect(() => {
    if (!asked || ready.kind === "waiting") return;
    setAsked(false);
    if (uploads) {
      create.mutate({ title, image_upload_id: uploads.image, video_upload_id: uploads.video });
    }
  }, [asked, ready.kind, uploads, create.mutate, title]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
  };
  const working = asked || create.isPending;
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        className={classes.title}
        label={t("content.title")}
        placeholder={t("newContent.titlePlaceholder")}
        value={typed ?? suggestedTitle}
        onChange={(event) => setTyped(event.currentTarget.value)}
        maxLength={200}
        data-testid="content-title"
      />
      <Button
        type="submit"
        variant="filled"
        size="md"
        loading={working}
        disabled={ready.kind === "missing"}
        data-testid="content-create"
      >
        {t("newContent.create")}
      </Button>
      <p className={classes.hint} aria-live="polite">
        {working && ready.kind === "waiting"
          ? t("newContent.waiting")
          : t(`newContent.hint.${ready.hint}`)}
      </p>
      <ProblemNotice error={create.error} />
    </form>
  );
}
