import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useChangeEmail } from "../api/profile";
import classes from "./account.module.css";

/** The address one signs in with, and the way to another. */
export function EmailForm({ email }: { email: string }) {
  const { t } = useTranslation("account");
  const [wanted, setWanted] = useState("");
  const change = useChangeEmail();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(wanted.trim());
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <p className={classes.fact}>{t("email.now", { email })}</p>
      <TextInput
        type="email"
        label={t("email.wanted")}
        autoComplete="email"
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <ProblemNotice error={change.error} />
      {change.isSuccess && <p role="status">{t("email.sent", { email: change.variables })}</p>}
      <Button type="submit" loading={change.isPending} disabled={!wanted.includes("@")}>
        {t("email.send")}
      </Button>
    </form>
  );
}
