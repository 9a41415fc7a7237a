import type { NotificationPreferences } from "@arv/api-client";
import { NativeSelect, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { Row, RowList } from "@/components/row-list";
import { type Kind, useUpdatePreferences } from "../api/preferences";
import { kindWords } from "../kind-words";

const DIGESTS = ["off", "daily", "weekly"] as const;

/** Which mails come, and what may wait for the digest. Everything is in the panel in any case. */
export function PreferencesForm({ preferences }: { preferences: NotificationPreferences }) {
  const { t } = useTranslation("notifications");
  const update = useUpdatePreferences();
  return (
    <>
      <NativeSelect
        label={t("preferences.digest")}
        description={t("preferences.digestHint")}
        value={preferences.digest}
        data={DIGESTS.map((one) => ({ value: one, label: t(`preferences.digests.${one}`) }))}
        onChange={(event) =>
          update.mutate({ digest: DIGESTS.find((one) => one === event.currentTarget.value) })
        }
      />
      <NativeSelect
        label={t("preferences.zone")}
        description={t("preferences.zoneHint")}
        value={preferences.time_zone ?? ""}
        data={[{ value: "", label: t("preferences.zoneOfCompany") }, ...zonesWith(preferences)]}
        onChange={(event) => update.mutate({ time_zone: event.currentTarget.value || null })}
      />
      <RowList label={t("preferences.mails")}>
        {preferences.kinds.map(({ kind, email, is_essential, severity }) => (
          <Row
            key={kind}
            title={kindWords(kind, t)}
            detail={
              is_essential
                ? t("preferences.essential")
                : severity === "info" && preferences.digest !== "off"
                  ? t("preferences.waits")
                  : undefined
            }
          >
            {!is_essential && (
              <Switch
                aria-label={kindWords(kind, t)}
                checked={email}
                disabled={update.isPending}
                onChange={(event) =>
                  update.mutate({ email: { [kind as Kind]: event.currentTarget.checked } })
                }
              />
            )}
          </Row>
        ))}
      </RowList>
      <ProblemNotice error={update.error} />
    </>
  );
}

/** All zones the browser knows, and the chosen one if it has an older name. */
function zonesWith({ time_zone }: NotificationPreferences): string[] {
  const zones = Intl.supportedValuesOf("timeZone");
  return time_zone && !zones.includes(time_zone) ? [time_zone, ...zones] : zones;
}
