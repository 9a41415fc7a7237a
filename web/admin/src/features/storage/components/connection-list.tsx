import type { StorageConnection } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { Row, RowList } from "@/components/row-list";
import { formatDate } from "@/lib/format";
import { troubleWords } from "../trouble-words";
import { ConnectionMenu } from "./connection-menu";

interface ListProps {
  companyId: string;
  connections: StorageConnection[];
}

/** Where files may be, which of the places holds them, and how each fared when it was tested. */
export function ConnectionList({ companyId, connections }: ListProps) {
  const { t } = useTranslation("storage");
  return (
    <RowList label={t("title")}>
      {connections.map((connection) => (
        <Row
          key={connection.id}
          title={connection.name}
          detail={<Detail connection={connection} />}
        >
          <ConnectionMenu companyId={companyId} connection={connection} />
        </Row>
      ))}
    </RowList>
  );
}

function Detail({ connection }: { connection: StorageConnection }) {
  const { t, i18n } = useTranslation("storage");
  const { s3, last_test: test, last_tested_at: at } = connection;
  const place = s3 ? `${s3.bucket} · ${new URL(s3.endpoint).host}` : t(`kind.${connection.kind}`);
  const tested = test?.works
    ? t("worked", { date: formatDate(at ?? "", i18n.language) })
    : test && troubleWords(test.code, test.detail, t);
  return (
    <>
      {[connection.is_default && t("active"), connection.is_shared && t("shared"), place]
        .filter(Boolean)
        .join(" · ")}
      {tested && (
        <>
          <br />
          {tested}
        </>
      )}
    </>
  );
}
