import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { asLanguage, changeLanguage } from "../i18n";

/** English or Russian, each in its own words. */
export function LanguageControl() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      fullWidth
      aria-label={t("account.language")}
      value={i18n.language}
      onChange={(value) => void changeLanguage(asLanguage(value) ?? "en")}
      data={[
        { value: "en", label: "English" },
        { value: "ru", label: "Русский" },
      ]}
    />
  );
}
