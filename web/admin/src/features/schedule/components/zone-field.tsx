import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface ZoneFieldProps {
  value: string | null;
  /** The company's own. */
  company: string;
  disabled: boolean;
  onChange: (zone: string | null) => void;
}

/** Whose clocks the rules mean; by itself the company's. */
export function ZoneField({ value, company, disabled, onChange }: ZoneFieldProps) {
  const { t } = useTranslation("schedule");
  return (
    <NativeSelect
      label={t("zone.label")}
      value={value ?? ""}
      disabled={disabled}
      data={[{ value: "", label: t("zone.company", { zone: company }) }, ...zonesWith(value)]}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

/** All zones the browser knows, and the chosen one if it has an older name. */
export function zonesWith(chosen: string | null): string[] {
  const zones = Intl.supportedValuesOf("timeZone");
  return chosen && !zones.includes(chosen) ? [chosen, ...zones] : zones;
}
