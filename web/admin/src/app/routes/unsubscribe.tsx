import { answer } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { api } from "@/lib/api";
import { useLinkToken } from "@/lib/link-token";
import { Door } from "../screens/door";

/** Where the link in a mail leads. A click is asked for: mail programs open links by themselves. */
export function UnsubscribeRoute() {
  const { t } = useTranslation("notifications");
  const token = useLinkToken();
  const end = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/notifications/unsubscribe", { body: { token } })),
  });
  const kind = end.data?.kind ?? token.split(":")[1] ?? "";
  const about = t(`kind.${kind}` as never, { defaultValue: kind }) as string;
  return (
    <Door title={t("unsubscribe.title")} lead={t("unsubscribe.lead", { about })}>
      <ProblemNotice error={end.error} />
      {end.data ? (
        <p role="status">{t("unsubscribe.done")}</p>
      ) : (
        <Button variant="filled" loading={end.isPending} onClick={() => end.mutate()}>
          {t("unsubscribe.confirm")}
        </Button>
      )}
    </Door>
  );
}
