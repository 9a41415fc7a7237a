import type { ArContent } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Notice, ProblemNotice } from "@/components/problem-notice";
import { formatDate } from "@/lib/format";
import { useRestoreContent } from "../api/restore-content";

/** Says that a content is in the archive, with the way out of it. */
export function ArchivedNotice({ content, canEdit }: { content: ArContent; canEdit: boolean }) {
  const { t, i18n } = useTranslation("contents");
  const restore = useRestoreContent(content);
  if (!content.archived_at) return null;
  return (
    <>
      <Notice
        tone="amber"
        title={t("archived.title", { date: formatDate(content.archived_at, i18n.language) })}
        advice={t("archived.words")}
      >
        {canEdit && (
          <Button
            size="sm"
            variant="ink"
            loading={restore.isPending}
            onClick={() => restore.mutate()}
            data-testid="restore"
          >
            {t("bulk.restore.do")}
          </Button>
        )}
      </Notice>
      <ProblemNotice error={restore.error} />
    </>
  );
}
