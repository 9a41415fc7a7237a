import { describe, expect, it } from "vitest";
import { chooseLanguage, TEXTS, translator } from "../src/text/translate.js";

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

describe("texts", () => {
  it("say the same things in both languages", () => {
    expect(Object.keys(TEXTS.ru)).toEqual(Object.keys(TEXTS.en));
  });

  it.each(Object.keys(TEXTS.en) as (keyof typeof TEXTS.en)[])("%s is filled in alike", (key) => {
    expect(TEXTS.ru[key].trim()).not.toBe("");
    expect(placeholders(TEXTS.ru[key])).toEqual(placeholders(TEXTS.en[key]));
  });
});

describe("chooseLanguage", () => {
  it("takes the owner's choice first", () => {
    expect(chooseLanguage("ru", ["en-GB"])).toBe("ru");
  });

  it("else the first language of the person that we speak", () => {
    expect(chooseLanguage(null, ["de-DE", "ru-RU", "en"])).toBe("ru");
    expect(chooseLanguage(null, ["de-DE", "fr"])).toBe("en");
  });
});

describe("translator", () => {
  it("fills in names", () => {
    expect(translator("en")("in_app_title", { app: "VK" })).toBe(
      "VK keeps the camera from this page",
    );
  });
});
