import type { ContentImport } from "@arv/api-client";
import { ActionIcon } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Panel } from "@/components/panel";
import { Row, RowList } from "@/components/row-list";
import { formatMoment } from "@/lib/format";
import { itemsOf } from "@/lib/pages";
import { importsQuery, reportUrl } from "../api/imports";

/** The imports so far, each with its report; nothing before the first one. */
export function ImportList({ companyId }: { companyId: string }) {
  const { t } = useTranslation("contents");
  const query = useInfiniteQuery(importsQuery(companyId));
  const imports = itemsOf(query.data);
  if (!query.error && imports.length === 0) return null;
  return (
    <Panel title={t("import.before")}>
      <LoadProblem query={query} />
      <RowList label={t("import.before")}>
        {imports.map((each) => (
          <ImportRow key={each.id} companyId={companyId} found={each} />
        ))}
      </RowList>
      <ListFoot query={query} noMatch={false} />
    </Panel>
  );
}

function ImportRow({ companyId, found }: { companyId: string; found: ContentImport }) {
  const { t, i18n } = useTranslation("contents");
  const figures = (["created", "existing", "failed"] as const)
    .filter((key) => found[key] > 0)
    .map((key) => `${found[key]} ${t(`import.figure.${key}`, { count: found[key] })}`);
  return (
    <Row
      title={found.filename}
      detail={[formatMoment(found.created_at, i18n.language), ...figures].join(" · ")}
    >
      <ActionIcon
        component="a"
        href={reportUrl(companyId, found.id)}
        download
        aria-label={t("import.reportOf", { name: found.filename })}
      >
        <IconDownload size={20} stroke={1.8} />
      </ActionIcon>
    </Row>
  );
}
