import type { ArContent } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { formatPercent } from "@/lib/format";
import { daysUntil } from "@/lib/last-day";
import { isSettled } from "../polling";
import classes from "./status-line.module.css";

/** From when on an end is the one thing to know. */
const SOON_DAYS = 30;

/** The one thing to know about a content now: its target's making or failure, else its status. */
export function StatusLine({ content }: { content: ArContent }) {
  const { t, i18n } = useTranslation(["common", "contents"]);
  const { target, status } = content;
  if (target.status === "failed") return <Dot tone="coral">{t("target.status.failed")}</Dot>;
  if (!isSettled(target.status)) {
    const percent = formatPercent(target.progress, i18n.language);
    return <Dot tone="amber">{t("target.making", { percent })}</Dot>;
  }
  const left = status === "published" && content.ends_at && daysUntil(content.ends_at, Date.now());
  if (left && left <= SOON_DAYS)
    return <Dot tone="soon">{t("contents:end.soon", { count: left })}</Dot>;
  return (
    <Dot tone={status === "published" ? "teal" : "quiet"}>{t(`content.status.${status}`)}</Dot>
  );
}

function Dot({ tone, children }: { tone: string; children: string }) {
  return (
    <span className={classes.status} data-tone={tone}>
      {children}
    </span>
  );
}
