import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";

const PROBLEMS = ["consent_declined", "consent_not_begun", "access_denied"] as const;

/** How connecting an account ended, when the browser has just come back from Yandex. */
export function YandexOutcome({ connected, problem }: { connected?: string; problem?: string }) {
  const { t } = useTranslation("keeping");
  if (connected) return <Alert color="teal">{t("yandex.connected")}</Alert>;
  if (!problem) return null;
  const known = PROBLEMS.find((code) => code === problem) ?? "other";
  return <Alert color="red">{t(`yandex.problem.${known}`)}</Alert>;
}
