import type { Erasure } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { Row, RowList } from "@/components/row-list";
import { formatBytes, formatMoment } from "@/lib/format";
import { erasedCounts } from "../erased-counts";
import classes from "./company-list.module.css";

/** What was erased: counts without names. */
export function ErasureList({ erasures }: { erasures: Erasure[] }) {
  const { t, i18n } = useTranslation("operator");
  return (
    <RowList label={t("erasures.title")}>
      {erasures.map((one) => {
        const { files, bytes, people } = erasedCounts(one.report);
        return (
          <Row
            key={one.id}
            title={formatMoment(one.started_at, i18n.language)}
            detail={
              <>
                <code>{one.erased_company_id}</code>
                <br />
                {one.state === "done" &&
                  [
                    t("erasures.files", { count: files }),
                    formatBytes(bytes, i18n.language),
                    t("erasures.people", { count: people }),
                  ].join(" · ")}
              </>
            }
          >
            <span
              className={classes.state}
              data-level={one.state === "done" ? "active" : "warning"}
            >
              {t(`erasures.state.${one.state}`)}
            </span>
          </Row>
        );
      })}
    </RowList>
  );
}
