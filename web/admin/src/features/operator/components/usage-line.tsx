import type { Subscription } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { formatBytes } from "@/lib/format";
import type { Quota } from "../limits";
import classes from "./company-list.module.css";

/** What a company uses of each quota, in one line. */
export function UsageLine({ quotas }: { quotas: Subscription["quotas"] }) {
  const { t } = useTranslation("operator");
  const amount = useAmount();
  return (
    <dl className={classes.usage}>
      {quotas.map(({ quota, used, limit, level }) => (
        <div key={quota} data-level={level}>
          <dt>{t(`quota.${quota}`)}</dt>
          <dd>
            {limit === null
              ? amount(quota, used)
              : t("usage.of", { used: amount(quota, used), limit: amount(quota, limit) })}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A quota's number as people read it: storage in bytes, the rest as counts. */
export function useAmount(): (quota: Quota, value: number) => string {
  const { i18n } = useTranslation();
  return (quota, value) =>
    quota === "storage_bytes"
      ? formatBytes(value, i18n.language)
      : new Intl.NumberFormat(i18n.language).format(value);
}
