import { en, type TextKey, type Texts } from "./en.js";
import { ru } from "./ru.js";

export type Language = "en" | "ru";

export const TEXTS: Readonly<Record<Language, Texts>> = { en, ru };

/** Says a sentence in the viewer's language. */
export type Translate = (key: TextKey, values?: Readonly<Record<string, string>>) => string;

/** The manifest's language when the owner chose one, else the first of the person's that we speak. */
export function chooseLanguage(wanted: string | null, preferred: readonly string[]): Language {
  const codes = [wanted ?? "", ...preferred].map((tag) => tag.slice(0, 2).toLowerCase());
  return codes.find((code): code is Language => code in TEXTS) ?? "en";
}

export function translator(language: Language): Translate {
  return (key, values = {}) =>
    TEXTS[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
