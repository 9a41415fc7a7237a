import type { Subscription } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { formatBytes } from "@/lib/format";
import classes from "./quota-list.module.css";

type Quota = Subscription["quotas"][number];

/** Every quota with how much of it is used. */
export function QuotaList({ quotas }: { quotas: Quota[] }) {
  return (
    <ul className={classes.list}>
      {quotas.map((quota) => (
        <QuotaRow key={quota.quota} quota={quota} />
      ))}
    </ul>
  );
}

function QuotaRow({ quota }: { quota: Quota }) {
  const { t, i18n } = useTranslation("settings");
  const amount = (value: number) =>
    quota.quota === "storage_bytes"
      ? formatBytes(value, i18n.language)
      : new Intl.NumberFormat(i18n.language).format(value);
  const name = t(`usage.quota.${quota.quota}`);
  const used = amount(quota.used);
  const words =
    quota.limit === null
      ? t("usage.unlimited", { used })
      : t("usage.of", { used, limit: amount(quota.limit) });
  return (
    <li className={classes.row} data-level={quota.level}>
      <div className={classes.words}>
        <span className={classes.name}>{name}</span>
        <span>{words}</span>
      </div>
      {quota.limit !== null && (
        <meter
          className={classes.meter}
          min={0}
          max={100}
          value={Math.min(100, quota.percent ?? 0)}
          aria-label={name}
          aria-valuetext={words}
        />
      )}
      {quota.level !== "ok" && (
        <p className={classes.advice}>
          {t(quota.level === "full" ? "usage.fullAdvice" : "usage.warningAdvice")}
        </p>
      )}
    </li>
  );
}
