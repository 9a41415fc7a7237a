import type { BackupOverview } from "@arv/api-client";
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { Panel } from "@/components/panel";
import { ProblemNotice } from "@/components/problem-notice";
import { backupOverviewQuery, backupsQuery, useOrderBackup } from "@/features/backups/api/backups";
import { BackupList } from "@/features/backups/components/backup-list";
import { formatMoment } from "@/lib/format";
import { itemsOf } from "@/lib/pages";

/** Whether the installation would survive its server: what is saved, and when that was last proved. */
export function OperatorBackupsRoute() {
  const { t } = useTranslation("backups");
  const overview = useQuery(backupOverviewQuery);
  const list = useInfiniteQuery(backupsQuery);
  const order = useOrderBackup();
  const backups = itemsOf(list.data);
  return (
    <Page title={t("title")}>
      <PageHeader title={t("title")} lead={t("lead")} />
      <LoadProblem query={overview} />
      {overview.data && <Standing overview={overview.data} />}
      {order.error && <ProblemNotice error={order.error} />}
      <Panel
        title={t("list")}
        action={
          <Button
            onClick={() => order.mutate(null)}
            loading={order.isPending}
            disabled={!overview.data?.is_set_up}
          >
            {t("create")}
          </Button>
        }
      >
        <LoadProblem query={list} />
        {list.isPending && <Skeleton height={120} />}
        <BackupList backups={backups} onVerify={order.mutate} isBusy={order.isPending} />
        <ListFoot
          query={list}
          noMatch={list.isSuccess && backups.length === 0}
          noMatchWords={t("none")}
        />
      </Panel>
    </Page>
  );
}

function Standing({ overview }: { overview: BackupOverview }) {
  const { t, i18n } = useTranslation("backups");
  const moment = (iso: string | null) => (iso ? formatMoment(iso, i18n.language) : t("never"));
  const check = overview.checks[0];
  return (
    <Panel title={t("standing")} tone={overview.last_verified_at ? "teal" : "quiet"}>
      {!overview.is_set_up && <p>{t("notSetUp")}</p>}
      <p>{t("lastSuccess", { moment: moment(overview.last_success_at) })}</p>
      <p>{t("lastVerified", { moment: moment(overview.last_verified_at) })}</p>
      {check && <p>{t("lastCheck", { state: t(`state.${check.state}`) })}</p>}
      {check?.error && <p>{check.error}</p>}
      {overview.is_set_up && !overview.second_place && <p>{t("onePlace")}</p>}
      {overview.elsewhere_files > 0 && <p>{t("elsewhere", { count: overview.elsewhere_files })}</p>}
    </Panel>
  );
}
