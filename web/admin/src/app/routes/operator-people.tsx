import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ListFoot } from "@/components/list-parts";
import { LoadProblem } from "@/components/load-problem";
import { Page, PageHeader } from "@/components/page";
import { peopleQuery } from "@/features/operator/api/people";
import { PeopleFilters } from "@/features/operator/components/people-filters";
import { PeopleList } from "@/features/operator/components/people-list";
import { itemsOf } from "@/lib/pages";
import { useMe } from "../membership";

/** Everybody with an account. */
export function OperatorPeopleRoute() {
  const { t } = useTranslation("operator");
  const { user } = useMe();
  const filter = useSearch({ from: "/signed-in/operator/people" });
  const navigate = useNavigate({ from: "/operator/people" });
  const query = useInfiniteQuery(peopleQuery(filter));
  const people = itemsOf(query.data);
  return (
    <Page title={t("people.title")}>
      <PageHeader title={t("people.title")} lead={t("people.lead")} />
      <PeopleFilters
        filter={filter}
        onFilter={(search) => void navigate({ search, replace: true })}
      />
      <LoadProblem query={query} />
      {query.isPending && <Skeleton height={220} />}
      <PeopleList people={people} myId={user.id} />
      <ListFoot query={query} noMatch={query.isSuccess && people.length === 0} />
    </Page>
  );
}
