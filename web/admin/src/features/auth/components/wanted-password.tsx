import { PasswordInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The server's own minimum; long beats complicated. */
export const MIN_PASSWORD_LENGTH = 10;

interface WantedPasswordProps {
  value: string;
  onType: (value: string) => void;
}

/** A password to be set, with what is still missing. */
export function WantedPassword({ value, onType }: WantedPasswordProps) {
  const { t } = useTranslation();
  const missing = MIN_PASSWORD_LENGTH - value.length;
  return (
    <PasswordInput
      label={t("auth.newPassword")}
      description={t("auth.newPasswordHint", { count: MIN_PASSWORD_LENGTH })}
      autoComplete="new-password"
      value={value}
      onChange={(event) => onType(event.currentTarget.value)}
      visibilityToggleButtonProps={{ "aria-label": t("auth.showPassword"), tabIndex: 0 }}
      error={value !== "" && missing > 0 && t("auth.tooShort", { count: missing })}
      data-testid="new-password"
    />
  );
}
