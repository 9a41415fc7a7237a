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
import { useMembership } from "../membership";

/** Who did what in the company. */
export function AuditRoute() {
  const { t } = useTranslation("settings");
  const { company } = useMembership();
  const filter = useSearch({ from: "/signed-in/c/$companySlug/settings/audit" });
  const navigate = useNavigate({ from: "/c/$companySlug/settings/audit" });
  const query = useInfiniteQuery(eventsQuery(company.id, filter));
  const events = itemsOf(query.data);
  return (
    <Page title={t("audit.title")}>
      <PageHeader title={t("audit.title")} lead={t("audit.lead")} />
      <EventTools
        companyId={company.id}
        filter={filter}
        onFilter={(search) => void navigate({ search, replace: true })}
      />
      <LoadProblem query={query} />
      <EventList events={events} />
      <ListFoot query={query} noMatch={query.isSuccess && events.length === 0} />
    </Page>
  );
}
