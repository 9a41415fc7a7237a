import { describe, expect, it } from "vitest";
import { KNOWN_CODES } from "@/lib/problem-message";
import en from "./en.json";
import ru from "./ru.json";

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

const languages = { en: flatten(en), ru: flatten(ru) };
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
      expect(flat.get(`problem.code.${code}.title`)).toBeTruthy();
      expect(flat.get(`problem.code.${code}.advice`)).toBeTruthy();
    }
  });
});
