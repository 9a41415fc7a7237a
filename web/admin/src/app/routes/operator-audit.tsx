import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { eventsQuery } from "@/features/audit/api/list-events";
import { EventList } from "@/features/audit/components/event-list";
import { EventTools } from "@/features/audit/components/event-tools";
import { itemsOf } from "@/lib/pages";
import { useMe } from "../membership";

/** Who did what in the whole installation. */
export function OperatorAuditRoute() {
  const { t } = useTranslation(["operator", "settings"]);
  const { memberships } = useMe();
  const filter = useSearch({ from: "/signed-in/operator/audit" });
  const navigate = useNavigate({ from: "/operator/audit" });
  const query = useInfiniteQuery(eventsQuery(null, filter));
  const events = itemsOf(query.data);
  const names = new Map(memberships.map(({ company }) => [company.id, company.name]));
  return (
    <Page title={t("settings:audit.title")}>
      <PageHeader title={t("settings:audit.title")} lead={t("audit.lead")} />
      <EventTools
        companyId={null}
        filter={filter}
        onFilter={(search) => void navigate({ search, replace: true })}
      />
      <LoadProblem query={query} />
      {query.isPending && <Skeleton height={220} />}
      <EventList
        events={events}
        placeOf={({ company_id }) =>
          company_id && (names.get(company_id) ?? t("audit.goneCompany"))
        }
      />
      <ListFoot query={query} noMatch={query.isSuccess && events.length === 0} />
    </Page>
  );
}
