import { answer } from "@arv/api-client";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { api } from "@/lib/api";
import { useLinkToken } from "@/lib/link-token";
import { Door } from "../screens/door";

/** Where the link to a new address leads. A click is asked for: mail programs open links by themselves. */
export function ConfirmEmailRoute() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const confirm = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/profile/email/confirm", { body: { token } })),
  });
  return (
    <Door title={t("auth.newEmail.title")} lead={t("auth.newEmail.lead")}>
      <ProblemNotice error={confirm.error} />
      {confirm.data ? (
        <>
          <p role="status">{t("auth.newEmail.done", { email: confirm.data.email })}</p>
          <Button variant="filled" renderRoot={(props) => <Link to="/" {...props} />}>
            {t("auth.code.go")}
          </Button>
        </>
      ) : (
        <Button variant="filled" loading={confirm.isPending} onClick={() => confirm.mutate()}>
          {t("auth.newEmail.confirm")}
        </Button>
      )}
    </Door>
  );
}
