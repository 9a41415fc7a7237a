import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { RequestResetForm, ResetPasswordForm } from "@/features/auth/components/reset-forms";
import { useLinkToken } from "@/lib/link-token";
import { Door } from "../screens/door";

/** For whoever has forgotten the password: a link by mail. */
export function ForgotPasswordRoute() {
  const { t } = useTranslation();
  return (
    <Door title={t("auth.reset.title")} lead={t("auth.reset.lead")}>
      <RequestResetForm />
      <BackToSignIn />
    </Door>
  );
}

/** Where the link of the mail leads. */
export function ResetPasswordRoute() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const navigate = useNavigate();
  const saved = () => {
    notifications.show({
      message: t("auth.reset.saved"),
      closeButtonProps: { "aria-label": t("common.close") },
    });
    void navigate({ to: "/sign-in", replace: true });
  };
  return (
    <Door title={t("auth.reset.title")} lead={t("auth.reset.chooseLead")}>
      <ResetPasswordForm token={token} onReset={saved} />
      <BackToSignIn />
    </Door>
  );
}

function BackToSignIn() {
  const { t } = useTranslation();
  return (
    <Button variant="text" renderRoot={(props) => <Link to="/sign-in" {...props} />}>
      {t("auth.backToSignIn")}
    </Button>
  );
}
