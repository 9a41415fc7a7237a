import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { limitOf, QUOTAS, type Quota, type TypedLimits } from "../limits";
import classes from "./company-list.module.css";

interface LimitFieldsProps {
  legend: string;
  value: TypedLimits;
  onType: (limits: TypedLimits) => void;
  /** What holds while a field is empty. */
  whenEmpty: (quota: Quota) => string;
}

/** One field for each quota. */
export function LimitFields({ legend, value, onType, whenEmpty }: LimitFieldsProps) {
  const { t } = useTranslation("operator");
  return (
    <fieldset className={`${classes.limits} ${classes.pair}`}>
      <legend>{legend}</legend>
      {QUOTAS.map((quota) => (
        <TextInput
          key={quota}
          label={t(quota === "storage_bytes" ? "limits.storageGb" : `quota.${quota}`)}
          inputMode={quota === "storage_bytes" ? "decimal" : "numeric"}
          placeholder={whenEmpty(quota)}
          maxLength={18}
          error={limitOf(quota, value[quota]) === undefined && t("limits.notANumber")}
          value={value[quota]}
          onChange={(event) => onType({ ...value, [quota]: event.currentTarget.value })}
        />
      ))}
    </fieldset>
  );
}
