import { Button } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import classes from "./look.module.css";

interface ColorFieldProps {
  label: string;
  /** Null is the viewer's own. */
  value: string | null;
  fallback: string;
  onChoose: (value: string | null) => void;
}

/** A colour by the browser's own picker, and the way back to the viewer's own. */
export function ColorField({ label, value, fallback, onChoose }: ColorFieldProps) {
  const { t } = useTranslation("settings");
  const id = useId();
  return (
    <div className={classes.color}>
      <input
        id={id}
        type="color"
        className={classes.swatch}
        value={(value ?? fallback).toLowerCase()}
        onChange={(event) => onChoose(event.currentTarget.value.toUpperCase())}
      />
      <label htmlFor={id}>{label}</label>
      <code>{value ?? t("look.own")}</code>
      {value && (
        <Button size="compact-sm" variant="text" onClick={() => onChoose(null)}>
          {t("look.reset")}
        </Button>
      )}
    </div>
  );
}
