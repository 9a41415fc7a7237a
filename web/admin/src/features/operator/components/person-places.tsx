import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { formatDate } from "@/lib/format";
import { personQuery } from "../api/people";
import classes from "./company-list.module.css";

/** Where a person works, and as what. */
export function PersonPlaces({ userId }: { userId: string }) {
  const { t, i18n } = useTranslation("operator");
  const query = useQuery(personQuery(userId));
  const person = query.data;
  if (!person) return query.error ? <LoadProblem query={query} /> : <Skeleton height={80} />;
  return (
    <>
      <p>{t("people.since", { date: formatDate(person.created_at, i18n.language) })}</p>
      {person.workplaces.length === 0 && <p>{t("people.noPlaces")}</p>}
      <ul className={classes.places}>
        {person.workplaces.map((place) => (
          <li key={place.company_id}>
            <strong>{place.name}</strong>
            <span>{t(`people.role.${place.role}`)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
