import type { CompanyExport } from "@arv/api-client";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ProgressLine } from "@/components/progress-line";
import { Row, RowList } from "@/components/row-list";
import { formatBytes, formatDate, formatMoment } from "@/lib/format";
import { downloadUrl } from "../api/exports";

interface ExportListProps {
  companyId: string;
  exports: CompanyExport[];
}

/** What was exported, what is being exported, and where it is downloaded. */
export function ExportList({ companyId, exports }: ExportListProps) {
  const { t } = useTranslation("settings");
  return (
    <RowList label={t("data.exports")}>
      {exports.map((one) => (
        <ExportRow key={one.id} companyId={companyId} one={one} />
      ))}
    </RowList>
  );
}

function ExportRow({ companyId, one }: { companyId: string; one: CompanyExport }) {
  const { t, i18n } = useTranslation("settings");
  const until = one.expires_at ? formatDate(one.expires_at, i18n.language) : "";
  const size = formatBytes(one.size_bytes ?? 0, i18n.language);
  return (
    <Row
      title={formatMoment(one.created_at, i18n.language)}
      detail={
        one.state === "running" ? (
          <ProgressLine share={one.progress} label={t("data.state.running")} />
        ) : (
          t(`data.state.${one.state}`, { until, size })
        )
      }
    >
      {one.state === "ready" && (
        <Button
          component="a"
          href={downloadUrl(companyId, one.id)}
          leftSection={<IconDownload size={18} stroke={1.7} />}
        >
          {t("data.download")}
        </Button>
      )}
    </Row>
  );
}
