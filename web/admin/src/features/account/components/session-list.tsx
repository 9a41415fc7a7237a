import type { Session } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadProblem } from "@/components/load-problem";
import { ProblemNotice } from "@/components/problem-notice";
import { formatMoment } from "@/lib/format";
import { sessionsQuery, useEndSessions } from "../api/sessions";
import classes from "./account.module.css";

/** Where one is signed in, and the way to end it. */
export function SessionList() {
  const { t } = useTranslation("account");
  const query = useQuery(sessionsQuery);
  const end = useEndSessions();
  const sessions = query.data?.items ?? [];
  return (
    <>
      <LoadProblem query={query} />
      <ul className={classes.list}>
        {sessions.map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            ending={end.isPending && end.variables === session.id}
            onEnd={() => end.mutate(session.id)}
          />
        ))}
      </ul>
      <ProblemNotice error={end.error} />
      {sessions.length > 1 && (
        <Button
          loading={end.isPending && end.variables === "others"}
          onClick={() => end.mutate("others")}
        >
          {t("sessions.endOthers")}
        </Button>
      )}
    </>
  );
}

interface SessionRowProps {
  session: Session;
  ending: boolean;
  onEnd: () => void;
}

function SessionRow({ session, ending, onEnd }: SessionRowProps) {
  const { t, i18n } = useTranslation("account");
  return (
    <li className={classes.row}>
      <div className={classes.rowWords}>
        <strong>{session.device}</strong>
        <span>
          {session.address} ·{" "}
          {session.current
            ? t("sessions.here")
            : t("sessions.lastSeen", { moment: formatMoment(session.last_seen_at, i18n.language) })}
        </span>
      </div>
      {!session.current && (
        <Button
          size="sm"
          loading={ending}
          onClick={onEnd}
          aria-label={t("sessions.endOne", { device: session.device })}
        >
          {t("sessions.end")}
        </Button>
      )}
    </li>
  );
}
