import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type account from "../locales/en/account.json";
import type backups from "../locales/en/backups.json";
import type common from "../locales/en/common.json";
import type contents from "../locales/en/contents.json";
import type jobs from "../locales/en/jobs.json";
import type keeping from "../locales/en/keeping.json";
import type notifications from "../locales/en/notifications.json";
import type operator from "../locales/en/operator.json";
import type schedule from "../locales/en/schedule.json";
import type settings from "../locales/en/settings.json";
import type storage from "../locales/en/storage.json";
import type videos from "../locales/en/videos.json";

export const LANGUAGES = ["en", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The words every screen needs, and those that come with the screens of an area: one file each. */
interface Areas {
  common: typeof common;
  account: typeof account;
  backups: typeof backups;
  contents: typeof contents;
  jobs: typeof jobs;
  keeping: typeof keeping;
  notifications: typeof notifications;
  operator: typeof operator;
  schedule: typeof schedule;
  settings: typeof settings;
  storage: typeof storage;
  videos: typeof videos;
}
export type Area = keyof Areas;

const STORAGE_KEY = "arv-language";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: Areas;
  }
}

const files = import.meta.glob<object>("../locales/*/*.json", { import: "default" });
const areasInUse = new Set<Area>(["common"]);

function fetchWords(language: Language, area: Area): Promise<object> {
  const load = files[`../locales/${language}/${area}.json`];
  if (!load) throw new Error(`there are no words of ${area} in ${language}`);
  return load();
}

/** Load the common words of the reader's language; a second language is fetched only when it is chosen. */
export async function startI18n(language: Language = preferredLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: "common",
    interpolation: { escapeValue: false },
    resources: { [language]: { common: await fetchWords(language, "common") } },
  });
  document.documentElement.lang = language;
}

/** Load the words of an area, before its first screen is shown. */
export async function needWords(...areas: Area[]): Promise<void> {
  for (const area of areas) areasInUse.add(area);
  await loadInto(i18next.language as Language, areas);
}

async function loadInto(language: Language, areas: Iterable<Area>): Promise<void> {
  const missing = [...areas].filter((area) => !i18next.hasResourceBundle(language, area));
  await Promise.all(
    missing.map(async (area) =>
      i18next.addResourceBundle(language, area, await fetchWords(language, area)),
    ),
  );
}

/** Switch every screen to `language` and remember the choice in this browser. */
export async function changeLanguage(language: Language): Promise<void> {
  await loadInto(language, areasInUse);
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
