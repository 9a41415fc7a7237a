import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { NewPasswordForm } from "@/features/auth/components/new-password-form";
import { useMe } from "../membership";
import { Door } from "../screens/door";

/** A password of one's own: demanded after the first sign-in, free to choose later. */
export function NewPasswordRoute() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const forced = useMe().user.must_change_password;
  const changed = () => {
    notifications.show({
      message: t("auth.passwordSaved"),
      closeButtonProps: { "aria-label": t("common.close") },
    });
    void navigate({ to: "/" });
  };
  const kind = forced ? "first" : "other";
  return (
    <Door title={t(`auth.choose.${kind}.title`)} lead={t(`auth.choose.${kind}.lead`)}>
      <NewPasswordForm oneTime={forced} onChanged={changed} />
      {!forced && (
        <Button variant="text" renderRoot={(props) => <Link to="/" {...props} />}>
          {t("common.cancel")}
        </Button>
      )}
    </Door>
  );
}
