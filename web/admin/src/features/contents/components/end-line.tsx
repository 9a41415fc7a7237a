import type { ArContent, Tagged } from "@arv/api-client";
import { Button, TextInput } from "@mantine/core";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/dialog";
import { DialogForm } from "@/components/dialog-form";
import { formatMoment } from "@/lib/format";
import { endOfDay, lastDayBefore } from "@/lib/last-day";
import { useUpdateContent } from "../api/update-content";
import classes from "./end-line.module.css";

interface EndLineProps {
  content: Tagged<ArContent>;
  canEdit: boolean;
}

/** Until when the code opens, and the way to move that. */
export function EndLine({ content, canEdit }: EndLineProps) {
  const { t, i18n } = useTranslation("contents");
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  return (
    <div className={classes.line} data-over={content.status === "expired" || undefined}>
      <p className={classes.words}>{endWords(content, t, i18n.language)}</p>
      {canEdit && (
        <Button size="sm" onClick={() => setAsking(true)} data-testid="end-set">
          {t(content.expires_at ? "end.change" : "end.set")}
        </Button>
      )}
      <Dialog opened={asking} onClose={close} title={t("end.title")}>
        <EndForm content={content} onDone={close} />
      </Dialog>
    </div>
  );
}

function endWords(content: ArContent, t: TFunction<"contents">, language: string): string {
  const { ends_at, expires_at, grace_until, status } = content;
  if (!ends_at) return t("end.none");
  const moment = formatMoment(ends_at, language);
  if (grace_until) return t("end.grace", { moment, grace: formatMoment(grace_until, language) });
  if (status === "expired") return t("end.closed", { moment });
  return t(ends_at === expires_at ? "end.own" : "end.project", { moment });
}

function EndForm({ content, onDone }: { content: Tagged<ArContent>; onDone: () => void }) {
  const { t } = useTranslation(["common", "contents"]);
  const { expires_at } = content;
  const [day, setDay] = useState(expires_at ? lastDayBefore(expires_at) : "");
  const update = useUpdateContent(content, onDone);
  return (
    <DialogForm
      submitLabel={t("common.save")}
      onSubmit={() => update.mutate({ expires_at: day ? endOfDay(day) : null })}
      onCancel={onDone}
      pending={update.isPending}
      error={update.error}
      submitTestId="end-save"
    >
      <TextInput
        type="date"
        label={t("contents:end.lastDay")}
        description={t("contents:end.lastDayHint")}
        value={day}
        max="2200-12-31"
        onChange={(event) => setDay(event.currentTarget.value)}
        data-autofocus
        data-testid="end-day"
      />
      {day !== "" && (
        <div>
          <Button size="sm" onClick={() => setDay("")}>
            {t("contents:end.remove")}
          </Button>
        </div>
      )}
    </DialogForm>
  );
}
