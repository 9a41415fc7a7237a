import { describe, expect, it } from "vitest";
import { accentOf, contrast, DEFAULT_ACCENT, textOn } from "../src/screen/accent.js";
import { coachLine } from "../src/screen/coach.js";
import { colorsOf } from "../src/screen/look.js";
import { panelText } from "../src/screen/panel_text.js";

const PAGE = new URL("https://arv.example/ar/42?a=1");
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
const INSTAGRAM_ANDROID =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/124.0 Mobile Safari/537.36 Instagram 330.0.0.40.92 Android";

describe("panelText", () => {
  it("is not there while the camera picture is shown", () => {
    expect(panelText({ name: "scanning", since: 0 }, SAFARI, PAGE)).toBeNull();
  });

  it("says where this very browser keeps the permission", () => {
    const state = { name: "failed", cause: "permission_denied", engine: true } as const;
    expect(panelText(state, SAFARI, PAGE)).toMatchObject({
      step: "permission_ios",
      start: "retry",
    });
  });

  it("sends people out of a messenger's browser, also when that refuses by itself", () => {
    const state = { name: "failed", cause: "permission_denied", engine: true } as const;
    expect(panelText(state, INSTAGRAM_ANDROID, PAGE)).toMatchObject({
      title: "in_app_title",
      values: { app: "Instagram" },
      step: "in_app_android",
      browserLink: "intent://arv.example/ar/42?a=1#Intent;scheme=https;end",
    });
  });

  it("offers no second try where it can not help", () => {
    const state = { name: "failed", cause: "target", engine: false } as const;
    expect(panelText(state, SAFARI, PAGE)?.start).toBeNull();
  });
});

describe("coachLine", () => {
  it("says nothing at first", () => {
    expect(coachLine(1500, 120, false)).toBeNull();
    expect(coachLine(3900, 120, false)).toBeNull();
  });

  it("speaks of the dark as soon as it is seen, and of the lamp when there is one", () => {
    expect(coachLine(2100, 12, false)).toBe("coach_dark");
    expect(coachLine(2100, 12, true)).toBe("coach_torch");
  });

  it("gives one piece of advice after another", () => {
    expect(coachLine(4000, 120, false)).toBe("coach_fill");
    expect(coachLine(8500, 120, false)).toBe("coach_still");
    expect(coachLine(4000 + 4 * 4500, 120, false)).toBe("coach_fill");
  });
});

describe("accent", () => {
  it("takes colours only", () => {
    expect(accentOf("#0E8F83")).toBe("#0E8F83");
    expect(accentOf("red;background:url(x)")).toBe(DEFAULT_ACCENT);
    expect(accentOf(null)).toBe(DEFAULT_ACCENT);
  });

  it.each(["#ff5b3a", "#0e8f83", "#ffee00", "#000", "#123456", "#767676"])(
    "puts text on %s that can be read",
    (color) => {
      expect(contrast(color, textOn(color))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it("measures contrast as WCAG does", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
  });
});

describe("the company's colours", () => {
  const company = { name: "North Light", accent_color: null, logo_url: null };

  it("are the viewer's own where no background was chosen", () => {
    expect(colorsOf({ ...company, ink_color: "#ffffff" })).toBeNull();
    expect(colorsOf({ ...company, background_color: "url(x)" })).toBeNull();
  });

  it("wear the ink that was chosen with the background", () => {
    const colors = colorsOf({ ...company, background_color: "#102A43", ink_color: "#F0F4F8" });
    expect(colors).toMatchObject({ paper: "#102A43", text: "#F0F4F8" });
  });

  it.each([
    ["#102a43", "#111111"],
    ["#ffffff", null],
    ["#777777", "#888888"],
    ["#808080", null],
  ])("stay readable on %s with %s", (background_color, ink_color) => {
    const colors = colorsOf({ ...company, background_color, ink_color });
    expect(contrast(background_color, colors?.text ?? "")).toBeGreaterThanOrEqual(4.5);
    expect(contrast(background_color, colors?.soft ?? "")).toBeGreaterThanOrEqual(4.5);
  });
});
