import type { NotificationChannel } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useLinkChannel } from "../api/channels";
import classes from "./notifications.module.css";

/** How a Telegram chat is connected: open the bot, or send it the code in a group. */
export function LinkChat(props: { companyId: string; channel: NotificationChannel }) {
  const { companyId, channel } = props;
  const { t } = useTranslation("notifications");
  const check = useLinkChannel(companyId, channel.id);
  if (!channel.link) return null;
  const { bot, code, url } = channel.link;
  return (
    <div className={classes.link}>
      <p>{t("link.words", { bot: `@${bot}` })}</p>
      <code>{code}</code>
      <div className={classes.actions}>
        <Button component="a" href={url} target="_blank" rel="noreferrer">
          {t("link.open")}
        </Button>
        <Button variant="filled" loading={check.isPending} onClick={() => check.mutate()}>
          {t("link.check")}
        </Button>
      </div>
      <ProblemNotice error={check.error} />
    </div>
  );
}
