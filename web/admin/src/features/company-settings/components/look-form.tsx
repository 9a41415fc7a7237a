import type { Look } from "@arv/api-client";
import { SegmentedControl, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PlainForm } from "@/components/plain-form";
import { useUpdateLook } from "../api/look";
import { ColorField } from "./color-field";
import { LookPreview } from "./look-preview";

interface LookFormProps {
  companyId: string;
  companyName: string;
  look: Look;
  onSaved: () => void;
}

const COLORS = ["accent_color", "background_color", "ink_color"] as const;
const OWN = { accent_color: "#FF5B3A", background_color: "#FAF7F2", ink_color: "#16181D" };
const WORDS = ["title", "hint", "call_label", "call_url"] as const;

type Words = Record<(typeof WORDS)[number], string>;

/** Colours and words of the viewer, with a picture of what they make. */
export function LookForm({ companyId, companyName, look, onSaved }: LookFormProps) {
  const { t } = useTranslation("settings");
  const [colors, setColors] = useState(() => ({
    accent_color: look.accent_color,
    background_color: look.background_color,
    ink_color: look.ink_color,
  }));
  const [texts, setTexts] = useState(() => ({
    en: wordsOf(look.texts.en),
    ru: wordsOf(look.texts.ru),
  }));
  const [language, setLanguage] = useState<"en" | "ru">("en");
  const update = useUpdateLook(companyId, onSaved);
  const save = () =>
    update.mutate({ ...colors, texts: { en: sentWords(texts.en), ru: sentWords(texts.ru) } });
  return (
    <PlainForm onSubmit={save} action={update}>
      <LookPreview
        name={companyName}
        logo={look.logo?.url ?? null}
        accent={colors.accent_color ?? OWN.accent_color}
        background={colors.background_color ?? OWN.background_color}
        ink={colors.ink_color ?? OWN.ink_color}
        title={texts[language].title}
        call={texts[language].call_label}
      />
      {COLORS.map((name) => (
        <ColorField
          key={name}
          label={t(`look.${name}`)}
          value={colors[name]}
          fallback={OWN[name]}
          onChoose={(value) => setColors({ ...colors, [name]: value })}
        />
      ))}
      <WordFields
        language={language}
        onLanguage={setLanguage}
        words={texts[language]}
        onType={(words) => setTexts({ ...texts, [language]: words })}
      />
    </PlainForm>
  );
}

interface WordFieldsProps {
  language: "en" | "ru";
  onLanguage: (language: "en" | "ru") => void;
  words: Words;
  onType: (words: Words) => void;
}

/** What the viewer says, in one language at a time. */
function WordFields({ language, onLanguage, words, onType }: WordFieldsProps) {
  const { t } = useTranslation("settings");
  return (
    <>
      <SegmentedControl
        aria-label={t("look.wordsIn")}
        value={language}
        onChange={(value) => onLanguage(value === "ru" ? "ru" : "en")}
        data={[
          { value: "en", label: "English" },
          { value: "ru", label: "Русский" },
        ]}
      />
      {WORDS.map((name) => (
        <TextInput
          key={name}
          label={t(`look.words.${name}`)}
          placeholder={name === "call_url" ? "https://" : undefined}
          maxLength={name === "call_url" ? 2000 : 120}
          value={words[name]}
          onChange={(event) => onType({ ...words, [name]: event.currentTarget.value })}
        />
      ))}
    </>
  );
}

function wordsOf(words: Look["texts"]["en"]): Words {
  const known = words ?? {};
  return {
    title: known.title ?? "",
    hint: known.hint ?? "",
    call_label: known.call_label ?? "",
    call_url: known.call_url ?? "",
  };
}

/** Null in place of what is empty; no words at all when nothing is filled in. */
function sentWords(words: Words) {
  const sent = Object.fromEntries(WORDS.map((name) => [name, words[name].trim() || null]));
  return Object.values(sent).some(Boolean) ? sent : null;
}
