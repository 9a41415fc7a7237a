import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { companyStartUrl } from "../company-start-url";
import classes from "./auth-form.module.css";

interface CompanyDoorProps {
  /** The company's short name, when it is known. */
  company: string | undefined;
  /** Where to go on afterwards. */
  next: string | undefined;
}

/** Asks for the company, and sends the browser to where its people sign in. */
export function CompanyDoor({ company, next }: CompanyDoorProps) {
  const { t } = useTranslation();
  const [slug, setSlug] = useState(company ?? "");
  const [leaving, setLeaving] = useState(false);
  const typed = slug.trim().toLowerCase();
  const leave = (event: FormEvent) => {
    event.preventDefault();
    setLeaving(true);
    window.location.assign(companyStartUrl(typed, next));
  };
  return (
    <form className={classes.form} onSubmit={leave}>
      <TextInput
        label={t("auth.company.label")}
        description={t("auth.company.hint")}
        autoCapitalize="off"
        autoComplete="organization"
        spellCheck={false}
        maxLength={63}
        value={slug}
        onChange={(event) => setSlug(event.currentTarget.value)}
        autoFocus
      />
      <Button
        type="submit"
        variant="filled"
        fullWidth
        className={classes.submit}
        loading={leaving}
        disabled={!/^[a-z0-9][a-z0-9-]*$/.test(typed)}
      >
        {t("auth.company.go")}
      </Button>
    </form>
  );
}
