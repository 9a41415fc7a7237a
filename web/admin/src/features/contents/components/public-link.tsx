import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy, IconExternalLink } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./publish-panel.module.css";

/** The address behind the printed code, to copy or to open. */
export function PublicLink({ url }: { url: string }) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 2500 });
  const copyLabel = clipboard.copied ? t("publish.copied") : t("publish.copy");
  return (
    <div className={classes.link}>
      <a
        className={classes.url}
        href={url}
        target="_blank"
        rel="noreferrer"
        data-testid="public-link"
      >
        {url.replace(/^https?:\/\//, "")}
      </a>
      <Tooltip label={copyLabel} opened={clipboard.copied || undefined}>
        <ActionIcon aria-label={copyLabel} onClick={() => clipboard.copy(url)}>
          {clipboard.copied ? <IconCheck size={20} /> : <IconCopy size={20} stroke={1.7} />}
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("publish.open")}>
        <ActionIcon
          component="a"
          href={url}
          target="_blank"
          rel="noreferrer"
          aria-label={t("publish.open")}
        >
          <IconExternalLink size={20} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
