import type { Account } from "@arv/api-client";
import { useTranslation } from "react-i18next";
import { Row, RowList } from "@/components/row-list";
import classes from "./company-list.module.css";
import { PersonMenu } from "./person-menu";

/** Everybody with an account. */
export function PeopleList({ people, myId }: { people: Account[]; myId: string }) {
  const { t } = useTranslation("operator");
  return (
    <RowList label={t("people.title")}>
      {people.map((person) => (
        <Row
          key={person.id}
          title={person.name || person.email}
          detail={person.name ? person.email : undefined}
        >
          {person.is_superadmin && (
            <span className={classes.state} data-level="active">
              {t("people.superadmin")}
            </span>
          )}
          {person.is_disabled && (
            <span className={classes.state} data-level="full">
              {t("people.disabled")}
            </span>
          )}
          <PersonMenu person={person} isMe={person.id === myId} />
        </Row>
      ))}
    </RowList>
  );
}
