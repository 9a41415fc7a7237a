import { useTranslation } from "react-i18next";
import classes from "./keeping.module.css";

const PROBLEMS = ["consent_declined", "consent_not_begun", "access_denied"] as const;

/** How connecting an account ended, when the browser has just come back from Yandex. */
export function YandexOutcome({ connected, problem }: { connected?: string; problem?: string }) {
  const { t } = useTranslation("keeping");
  if (!connected && !problem) return null;
  const known = PROBLEMS.find((code) => code === problem) ?? "other";
  return (
    <p role="status" className={classes.outcome} data-failed={connected ? undefined : true}>
      {connected ? t("yandex.connected") : t(`yandex.problem.${known}`)}
    </p>
  );
}
