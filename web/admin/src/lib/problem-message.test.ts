import { Problem, problemFrom, unreachable } from "@arv/api-client";
import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import en from "@/locales/en/common.json";
import { codeMessage, problemMessage } from "./problem-message";

beforeAll(async () => {
  await i18next.init({ lng: "en", defaultNS: "common", resources: { en: { common: en } } });
});

const message = (error: unknown) => problemMessage(error, i18next.t);
const words = en.problem.code;

describe("problemMessage", () => {
  it("has its own words for a code it knows", () => {
    expect(message(new Problem(409, { code: "no_video" }))).toEqual(words.no_video);
  });

  it("knows the server's other names for the same trouble", () => {
    expect(message(new Problem(415, { code: "image_type_refused" }))).toEqual(
      words.unsupported_media_type,
    );
  });

  it("goes by the field when the server only says which one is wrong", () => {
    const errors = [{ pointer: "#/current_password", detail: "Not it." }];
    const problem = new Problem(422, { code: "invalid", errors });
    expect(message(problem)).toEqual(words.wrong_password);
  });

  it("shows the server's sentence for a code that is new", () => {
    const problem = new Problem(409, { code: "moon_is_full", detail: "Wait until it wanes." });
    expect(message(problem)).toEqual({
      title: words.conflict.title,
      advice: "Wait until it wanes.",
    });
  });

  it("has words for a proxy's page that is no problem+json", () => {
    expect(message(problemFrom(413, "<html>"))).toEqual(words.payload_too_large);
    expect(message(problemFrom(502, null))).toEqual(words.server);
  });

  it("tells no network from a broken server", () => {
    expect(message(unreachable())).toEqual(words.unreachable);
  });

  it("never shows a programming error", () => {
    expect(message(new TypeError("x is undefined"))).toEqual(words.unexpected);
  });
});

describe("codeMessage", () => {
  it("explains why a target could not be made", () => {
    expect(codeMessage("no_texture", i18next.t)).toEqual(words.no_texture);
    expect(codeMessage("too_small", i18next.t)).toEqual(words.image_too_small);
  });

  it("is null for a reason it does not know", () => {
    expect(codeMessage("moon_is_full", i18next.t)).toBeNull();
  });
});
