import type { Plan, Subscription } from "@arv/api-client";
import { describe, expect, it } from "vitest";
import { agreementChange, agreementOf, dayOf, limitOf, momentOf, typedLimit } from "./limits";

const studio: Plan = {
  id: "1",
  code: "studio",
  name: "Studio",
  is_default: false,
  grace_days: 30,
  storage_bytes: 50_000_000_000,
  contents: 500,
  members: 10,
  views_month: null,
};

const quota = (
  name: "contents" | "members" | "storage_bytes" | "views_month",
  limit: number | null,
) => ({
  quota: name,
  used: 0,
  limit,
  percent: limit === null ? null : 0,
  level: "ok" as const,
});

const agreed: Subscription = {
  plan: { code: "studio", name: "Studio" },
  status: "active",
  starts_at: null,
  ends_at: momentOf("2027-01-01"),
  grace_until: momentOf("2027-01-31"),
  max_upload_bytes: 500 * 1024 ** 2,
  quotas: [
    quota("storage_bytes", 50_000_000_000),
    quota("contents", 750),
    quota("members", 10),
    quota("views_month", null),
  ],
};

describe("limits as typed", () => {
  it("count storage in gigabytes", () => {
    expect(typedLimit("storage_bytes", 53_687_091_200)).toBe("53.69");
    expect(limitOf("storage_bytes", "0,5")).toBe(500_000_000);
  });

  it("are nothing when empty, and refused when they are no whole count", () => {
    expect(limitOf("contents", " ")).toBeNull();
    expect(limitOf("contents", "ten")).toBeUndefined();
    expect(limitOf("contents", "1.5")).toBeUndefined();
    expect(limitOf("members", "-1")).toBeUndefined();
  });
});

describe("the agreement with a company", () => {
  const before = agreementOf(agreed, studio);

  it("shows only what differs from the plan", () => {
    expect(before.limits).toEqual({
      storage_bytes: "",
      contents: "750",
      members: "",
      views_month: "",
    });
    expect(before.graceDays).toBe("");
    expect(before.endsOn).toBe("2027-01-01");
  });

  it("sends nothing when nothing was changed", () => {
    expect(agreementChange(before, { ...before })).toEqual({});
  });

  it("sends a new term, and gives a limit back to the plan", () => {
    const now = {
      ...before,
      endsOn: "",
      graceDays: "14",
      limits: { ...before.limits, contents: "" },
    };
    expect(agreementChange(before, now)).toEqual({ ends_at: null, grace_days: 14, contents: null });
  });
});

it("keeps the day on its way to the server and back", () => {
  expect(dayOf(momentOf("2027-03-28"))).toBe("2027-03-28");
});
