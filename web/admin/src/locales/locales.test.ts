import { describe, expect, it } from "vitest";
import { KNOWN_CODES } from "@/lib/problem-message";

type Words = { [key: string]: string | Words };

/** The plural forms a language counts with, as i18next names them. */
const FORMS = { en: ["one", "other"], ru: ["few", "many", "one", "other"] };
const SUFFIX = /_(zero|one|two|few|many|other)$/;

function flatten(words: Words, path = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const full = path ? `${path}.${key}` : key;
    if (typeof value === "string") flat.set(full, value);
    else for (const [inner, text] of flatten(value, full)) flat.set(inner, text);
  }
  return flat;
}

const files = import.meta.glob<Words>("./*/*.json", { import: "default", eager: true });

/** Every area's words of a language, as `area:path.to.key`. */
function readLanguage(language: "en" | "ru"): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [path, words] of Object.entries(files)) {
    const [, folder, area] = path.match(/^\.\/(\w+)\/(\w+)\.json$/) ?? [];
    if (folder !== language) continue;
    for (const [key, text] of flatten(words)) flat.set(`${area}:${key}`, text);
  }
  return flat;
}

const languages = { en: readLanguage("en"), ru: readLanguage("ru") };
const bases = (flat: Map<string, string>) =>
  [...new Set([...flat.keys()].map((key) => key.replace(SUFFIX, "")))].sort();
const placeholders = (text: string) => (text.match(/{{\w+}}/g) ?? []).sort();

describe("the languages", () => {
  it("say the same things", () => {
    expect(bases(languages.ru)).toEqual(bases(languages.en));
  });

  it.each(["en", "ru"] as const)("have every plural form of %s, and no other", (language) => {
    const flat = languages[language];
    const counted = bases(flat).filter((base) => flat.has(`${base}_other`));
    expect(counted.length).toBeGreaterThan(3);
    for (const base of counted) {
      const forms = [...flat.keys()].filter(
        (key) => key.replace(SUFFIX, "") === base && key !== base,
      );
      expect(forms.map((key) => key.slice(base.length + 1)).sort()).toEqual(FORMS[language]);
    }
  });

  it("fill in the same facts", () => {
    for (const [key, text] of languages.en) {
      const translated = languages.ru.get(key);
      if (translated) expect(placeholders(translated), key).toEqual(placeholders(text));
    }
  });

  it("leave nothing empty or untranslated", () => {
    for (const [key, text] of languages.ru) {
      expect(text.trim(), key).not.toBe("");
      expect(/[а-яё]/i.test(text.replace(/{{\w+}}/g, "")), `${key}: ${text}`).toBe(true);
    }
  });

  it.each(KNOWN_CODES)("have words for the problem %s", (code) => {
    for (const flat of Object.values(languages)) {
      expect(flat.get(`common:problem.code.${code}.title`)).toBeTruthy();
      expect(flat.get(`common:problem.code.${code}.advice`)).toBeTruthy();
    }
  });
});
