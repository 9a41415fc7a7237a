import type { Backup } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Row, RowList } from "@/components/row-list";
import { formatBytes, formatMoment } from "@/lib/format";

interface BackupListProps {
  backups: Backup[];
  /** Orders a check of the backup. */
  onVerify: (id: string) => void;
  isBusy: boolean;
}

/** Each backup with what is in it and how it stands; a finished one can be proved. */
export function BackupList({ backups, onVerify, isBusy }: BackupListProps) {
  const { t, i18n } = useTranslation("backups");
  return (
    <RowList label={t("list")}>
      {backups.map((backup) => (
        <Row
          key={backup.id}
          wraps
          title={formatMoment(backup.created_at, i18n.language)}
          detail={<BackupWords backup={backup} />}
        >
          {backup.state === "done" && (
            <Button variant="default" disabled={isBusy} onClick={() => onVerify(backup.id)}>
              {t("verify")}
            </Button>
          )}
        </Row>
      ))}
    </RowList>
  );
}

function BackupWords({ backup }: { backup: Backup }) {
  const { t, i18n } = useTranslation("backups");
  const bytes = formatBytes(backup.database_bytes + backup.files_bytes, i18n.language);
  const words = [t(`kind.${backup.kind}`), t(`state.${backup.state}`)];
  if (backup.state === "done") {
    words.push(
      t("rows", { count: backup.rows }),
      t("files", { count: backup.files }),
      bytes,
      t("places", { count: backup.places }),
    );
  }
  return (
    <>
      {words.join(" · ")}
      <br />
      {backup.error ??
        (backup.verified_at
          ? t("verifiedAt", { moment: formatMoment(backup.verified_at, i18n.language) })
          : t("notVerified"))}
    </>
  );
}
