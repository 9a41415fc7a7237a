import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface CodeFieldProps {
  value: string;
  onType: (code: string) => void;
}

/** Six digits from the app; spaces that people type are left out. */
export function CodeField({ value, onType }: CodeFieldProps) {
  const { t } = useTranslation("account");
  return (
    <TextInput
      label={t("twoFactor.code")}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={8}
      value={value}
      onChange={(event) => onType(event.currentTarget.value.replace(/\s/g, ""))}
      data-autofocus
    />
  );
}
