import type { User } from "@arv/api-client";
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "@/components/problem-notice";
import { useUpdateProfile } from "../api/profile";
import classes from "./account.module.css";

interface ProfileFormProps {
  user: User;
  onSaved: (language: User["language"]) => void;
}

/** What one is called, and the language of panel and mails. */
export function ProfileForm({ user, onSaved }: ProfileFormProps) {
  const { t } = useTranslation(["account", "common"]);
  const [name, setName] = useState(user.name);
  const [language, setLanguage] = useState(user.language);
  const update = useUpdateProfile(() => onSaved(language));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ name: name.trim(), language });
  };
  const unchanged = name.trim() === user.name && language === user.language;
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={t("profile.name")}
        autoComplete="name"
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("profile.language")}
        description={t("profile.languageHint")}
        value={language}
        onChange={(event) => setLanguage(event.currentTarget.value === "ru" ? "ru" : "en")}
        data={[
          { value: "en", label: "English" },
          { value: "ru", label: "Русский" },
        ]}
      />
      <ProblemNotice error={update.error} />
      <Button
        type="submit"
        variant="filled"
        loading={update.isPending}
        disabled={unchanged || name.trim() === ""}
      >
        {t("common:common.save")}
      </Button>
    </form>
  );
}
