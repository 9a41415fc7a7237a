import type { AuditEvent } from "@arv/api-client";
import { IconKey, IconRobot, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatMoment } from "@/lib/format";
import { changesOf, eventWords } from "../event-words";
import classes from "./event-list.module.css";

const ICONS = { user: IconUser, api_key: IconKey, system: IconRobot };

interface EventListProps {
  events: AuditEvent[];
  /** Where it happened, in a log of more than one company. */
  placeOf?: (event: AuditEvent) => string | null;
}

/** Who did what, when and from where; before and after where something changed. */
export function EventList({ events, placeOf }: EventListProps) {
  return (
    <ol className={classes.list}>
      {events.map((event) => (
        <EventRow key={event.id} event={event} place={placeOf?.(event)} />
      ))}
    </ol>
  );
}

function EventRow({ event, place }: { event: AuditEvent; place?: string | null }) {
  const { t, i18n } = useTranslation("settings");
  const Icon = ICONS[event.actor.kind];
  const changes = changesOf(event, i18n.language);
  return (
    <li className={classes.row}>
      <Icon size={18} stroke={1.7} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <p className={classes.what}>
          <strong>{event.actor.label ?? t(`audit.actor.${event.actor.kind}`)}</strong>{" "}
          {eventWords(event, i18n)}
        </p>
        {changes.length > 0 && (
          <dl className={classes.changes}>
            {changes.map(({ field, before, after }) => (
              <div key={field}>
                <dt>{field}</dt>
                <dd>
                  <del>{before}</del> → <ins>{after}</ins>
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <p className={classes.when}>
        <time dateTime={event.created_at}>{formatMoment(event.created_at, i18n.language)}</time>
        {place && <span>{place}</span>}
        {event.address && <span>{event.address}</span>}
      </p>
    </li>
  );
}
