import { PasswordInput, Switch, TextInput, type TextInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { BucketWords } from "../bucket-words";

interface FieldsProps {
  value: BucketWords;
  onChange: (words: BucketWords) => void;
  isNew: boolean;
  /** The company's files are there: bucket and folder stay. */
  inUse?: boolean;
}

/** Everything a bucket needs: where it is, which key opens it, how its files reach phones. */
export function BucketFields({ value, onChange, isNew, inUse }: FieldsProps) {
  const { t } = useTranslation("storage");
  const text = (field: "name" | "endpoint" | "region" | "bucket" | "prefix" | "keyId") =>
    ({
      label: t(`form.${field}`),
      value: value[field],
      autoComplete: "off",
      spellCheck: false,
      onChange: (event) => onChange({ ...value, [field]: event.currentTarget.value }),
    }) satisfies TextInputProps;
  const kept = inUse ? t("form.kept") : undefined;
  return (
    <>
      <TextInput {...text("name")} maxLength={120} spellCheck data-autofocus />
      <TextInput
        {...text("endpoint")}
        type="url"
        description={t("form.endpointHint")}
        placeholder="https://s3.example.com"
        maxLength={300}
      />
      <TextInput {...text("bucket")} description={kept} readOnly={inUse} maxLength={63} />
      <TextInput
        {...text("prefix")}
        description={kept ?? t("form.prefixHint")}
        readOnly={inUse}
        placeholder="arv/"
        maxLength={200}
      />
      <TextInput {...text("region")} description={t("form.regionHint")} maxLength={64} />
      <TextInput {...text("keyId")} maxLength={128} />
      <SecretField value={value} onChange={onChange} isNew={isNew} />
      <DeliveryFields value={value} onChange={onChange} />
    </>
  );
}

function SecretField({ value, onChange, isNew }: FieldsProps) {
  const { t } = useTranslation(["storage", "common"]);
  return (
    <PasswordInput
      label={t("form.secret")}
      description={isNew ? t("form.secretHint") : t("form.secretKept")}
      autoComplete="new-password"
      maxLength={256}
      value={value.secret}
      onChange={(event) => onChange({ ...value, secret: event.currentTarget.value })}
      visibilityToggleButtonProps={{ "aria-label": t("common:auth.showPassword"), tabIndex: 0 }}
    />
  );
}

function DeliveryFields({ value, onChange }: Omit<FieldsProps, "isNew">) {
  const { t } = useTranslation("storage");
  return (
    <>
      <Switch
        label={t("form.pathStyle")}
        description={t("form.pathStyleHint")}
        checked={value.pathStyle}
        onChange={(event) => onChange({ ...value, pathStyle: event.currentTarget.checked })}
      />
      <Switch
        label={t("form.throughArv")}
        description={t("form.throughArvHint")}
        checked={value.throughArv}
        onChange={(event) => onChange({ ...value, throughArv: event.currentTarget.checked })}
      />
      {!value.throughArv && (
        <TextInput
          label={t("form.publicEndpoint")}
          description={t("form.publicEndpointHint")}
          type="url"
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          value={value.publicEndpoint}
          onChange={(event) => onChange({ ...value, publicEndpoint: event.currentTarget.value })}
        />
      )}
    </>
  );
}
