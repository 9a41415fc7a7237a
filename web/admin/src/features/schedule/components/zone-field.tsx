import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface ZoneFieldProps {
  value: string | null;
  effective: string;
  disabled: boolean;
  onChange: (zone: string | null) => void;
}

/** Whose clocks the rules mean; by itself the company's. */
export function ZoneField({ value, effective, disabled, onChange }: ZoneFieldProps) {
  const { t } = useTranslation("schedule");
  const company =
    value === null
      ? t("zone.company", { zone: effective })
      : t("zone.company", { zone: "" }).replace(/[:\s]+$/, "");
  return (
    <NativeSelect
      label={t("zone.label")}
      value={value ?? ""}
      disabled={disabled}
      data={[{ value: "", label: company }, ...zonesWith(value)]}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

/** All zones the browser knows, and the chosen one if it has an older name. */
export function zonesWith(chosen: string | null): string[] {
  const zones = Intl.supportedValuesOf("timeZone");
  return chosen && !zones.includes(chosen) ? [chosen, ...zones] : zones;
}
