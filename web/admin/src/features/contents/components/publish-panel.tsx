import type { ArContent, Tagged } from "@arv/api-client";
import { Button } from "@mantine/core";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { Panel } from "@/components/panel";
import { ProblemNotice } from "@/components/problem-notice";
import { formatDate } from "@/lib/format";
import { usePublishContent } from "../api/publish-content";
import { useUnpublishContent } from "../api/unpublish-content";
import { publishBlocker } from "../publish-blocker";
import { EndLine } from "./end-line";
import { PublicLink } from "./public-link";
import classes from "./publish-panel.module.css";

interface PublishPanelProps {
  content: Tagged<ArContent>;
  canEdit: boolean;
}

/** Whether the printed code shows the content, and its link. */
export function PublishPanel({ content, canEdit }: PublishPanelProps) {
  const { t, i18n } = useTranslation();
  const published = content.status === "published";
  const since = content.published_at ? formatDate(content.published_at, i18n.language) : "";
  const words = published ? t("publish.liveSince", { date: since }) : draftWords(content, t);
  return (
    <Panel title={t(`publish.title.${content.status}`)} tone={published ? "teal" : "quiet"}>
      <div className={classes.row} data-live={published || undefined}>
        <p className={classes.words}>{words}</p>
        {canEdit &&
          (published ? <UnpublishButton content={content} /> : <PublishButton content={content} />)}
      </div>
      <PublicLink url={content.public_url} />
      <EndLine content={content} canEdit={canEdit} />
    </Panel>
  );
}

function draftWords(content: ArContent, t: TFunction): string {
  if (content.status === "expired") return t("publish.expired");
  const blocker = publishBlocker(content);
  return blocker ? t(`publish.blocked.${blocker}`) : t("publish.ready");
}

function PublishButton({ content }: { content: ArContent }) {
  const { t } = useTranslation();
  const publish = usePublishContent(content);
  return (
    <>
      <Button
        variant="filled"
        data-testid="publish"
        loading={publish.isPending}
        disabled={publishBlocker(content) !== null}
        onClick={() => publish.mutate()}
      >
        {t("publish.publish")}
      </Button>
      <ProblemNotice error={publish.error} />
    </>
  );
}

function UnpublishButton({ content }: { content: ArContent }) {
  const { t } = useTranslation(["common", "contents"]);
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  const unpublish = useUnpublishContent(content, close);
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("publish.unpublish")}</Button>
      <ConfirmDialog
        opened={asking}
        onClose={close}
        onConfirm={() => unpublish.mutate()}
        title={t("contents:takeOffline.title", { title: content.title })}
        words={t("contents:takeOffline.words")}
        confirmLabel={t("publish.unpublish")}
        pending={unpublish.isPending}
        error={unpublish.error}
      />
    </>
  );
}
