import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type en from "../locales/en.json";

export const LANGUAGES = ["en", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

const STORAGE_KEY = "arv-language";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

const bundles: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import("../locales/en.json"),
  ru: () => import("../locales/ru.json"),
};

/** Load the words of the reader's language; a second language is fetched only when it is chosen. */
export async function startI18n(language: Language = preferredLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false },
    resources: { [language]: { translation: (await bundles[language]()).default } },
  });
  document.documentElement.lang = language;
}

/** Switch every screen to `language` and remember the choice in this browser. */
export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", (await bundles[language]()).default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Storage is blocked: the choice lasts until the page is closed.
  }
}

/** The language chosen in this browser before, or null. */
export function chosenLanguage(): Language | null {
  try {
    return asLanguage(localStorage.getItem(STORAGE_KEY));
  } catch {
    return null;
  }
}

export function asLanguage(value: string | null | undefined): Language | null {
  return LANGUAGES.find((language) => language === value) ?? null;
}

function preferredLanguage(): Language {
  return chosenLanguage() ?? (navigator.language.startsWith("ru") ? "ru" : "en");
}
