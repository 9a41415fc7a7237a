import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialogForm } from "@/components/dialog-form";
import { momentToWall, wallToMoment } from "@/lib/zoned-time";
import { useReplayRange } from "../api/webhooks";
import classes from "./webhooks.module.css";

interface ReplayRangeProps {
  companyId: string;
  webhookId: string;
  onDone: () => void;
}

const DAY = 86_400_000;

/** All events of a time once more, by the clocks of who asks; at first those of the last day. */
export function ReplayRange({ companyId, webhookId, onDone }: ReplayRangeProps) {
  const { t } = useTranslation("notifications");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const wall = (moment: number) => momentToWall(new Date(moment).toISOString(), zone);
  const [since, setSince] = useState(() => wall(Date.now() - DAY));
  const [until, setUntil] = useState(() => wall(Date.now()));
  const replay = useReplayRange(companyId, webhookId);
  if (replay.data) {
    return (
      <div className={classes.replayed}>
        <p role="status">{t("webhooks.replayed", { count: replay.data.deliveries })}</p>
        <Button variant="filled" onClick={onDone} data-autofocus>
          {t("webhooks.replayDone")}
        </Button>
      </div>
    );
  }
  return (
    <DialogForm
      submitLabel={t("webhooks.replay")}
      onSubmit={() =>
        replay.mutate({ since: wallToMoment(since, zone), until: wallToMoment(until, zone) })
      }
      onCancel={onDone}
      pending={replay.isPending}
      error={replay.error}
      disabled={!since || !until || until <= since}
    >
      <p>{t("webhooks.replayWords")}</p>
      <TextInput
        type="datetime-local"
        label={t("webhooks.since")}
        value={since}
        onChange={(event) => setSince(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        type="datetime-local"
        label={t("webhooks.until")}
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </DialogForm>
  );
}
