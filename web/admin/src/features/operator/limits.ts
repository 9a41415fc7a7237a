import type { Plan, Subscription, SubscriptionUpdate } from "@arv/api-client";

export const QUOTAS = ["storage_bytes", "contents", "members", "views_month"] as const;
export type Quota = (typeof QUOTAS)[number];

/** Limits as typed: storage in GB, the rest as counts; empty is none of its own. */
export type TypedLimits = Record<Quota, string>;

const BYTES_PER_GB = 1e9;
const DAY_MS = 24 * 60 * 60 * 1000;

export function typedLimit(quota: Quota, limit: number | null | undefined): string {
  if (limit === null || limit === undefined) return "";
  return quota === "storage_bytes" ? String(Number((limit / BYTES_PER_GB).toFixed(2))) : `${limit}`;
}

export function typedLimits(limits: Partial<Record<Quota, number | null>>): TypedLimits {
  return {
    storage_bytes: typedLimit("storage_bytes", limits.storage_bytes),
    contents: typedLimit("contents", limits.contents),
    members: typedLimit("members", limits.members),
    views_month: typedLimit("views_month", limits.views_month),
  };
}

/** The number meant by what was typed; null for nothing, undefined for what is no limit. */
export function limitOf(quota: Quota, typed: string): number | null | undefined {
  const text = typed.trim().replace(",", ".");
  if (text === "") return null;
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) return undefined;
  if (quota === "storage_bytes") return Math.round(number * BYTES_PER_GB);
  return Number.isInteger(number) ? number : undefined;
}

export const isTypedWell = (limits: TypedLimits) =>
  QUOTAS.every((quota) => limitOf(quota, limits[quota]) !== undefined);

/** Only what is typed otherwise than before, as the API wants it. */
export function changedLimits(before: TypedLimits, now: TypedLimits) {
  const changed = QUOTAS.filter((quota) => before[quota].trim() !== now[quota].trim());
  return Object.fromEntries(changed.map((quota) => [quota, limitOf(quota, now[quota])]));
}

/** What is agreed with a company, as a form shows it. Empty fields are as the plan has them. */
export interface Agreement {
  plan: string;
  startsOn: string;
  endsOn: string;
  graceDays: string;
  limits: TypedLimits;
}

/** The API tells the limits that hold: what differs from the plan was agreed with the company. */
export function agreementOf(subscription: Subscription, plan: Plan | undefined): Agreement {
  const own = subscription.quotas.filter(({ quota, limit }) => limit !== (plan?.[quota] ?? null));
  const graceDays = graceDaysOf(subscription);
  return {
    plan: subscription.plan.code,
    startsOn: dayOf(subscription.starts_at),
    endsOn: dayOf(subscription.ends_at),
    graceDays: graceDays === null || graceDays === plan?.grace_days ? "" : String(graceDays),
    limits: typedLimits(Object.fromEntries(own.map(({ quota, limit }) => [quota, limit]))),
  };
}

function graceDaysOf({ ends_at, grace_until }: Subscription): number | null {
  if (!ends_at || !grace_until) return null;
  return Math.round((Date.parse(grace_until) - Date.parse(ends_at)) / DAY_MS);
}

/** What to send so that `before` becomes `now`. */
export function agreementChange(before: Agreement, now: Agreement): SubscriptionUpdate {
  return {
    ...(now.plan !== before.plan && { plan: now.plan }),
    // A subscription always begins at some time: an emptied field changes nothing.
    ...(now.startsOn && now.startsOn !== before.startsOn && { starts_at: momentOf(now.startsOn) }),
    ...(now.endsOn !== before.endsOn && { ends_at: momentOf(now.endsOn) }),
    ...(now.graceDays !== before.graceDays && {
      grace_days: now.graceDays === "" ? null : Number(now.graceDays),
    }),
    ...changedLimits(before.limits, now.limits),
  };
}

/** "2027-01-01" of a moment in the reader's time zone, as date fields have it; empty for none. */
export function dayOf(iso: string | null): string {
  if (!iso) return "";
  const date = new Date(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The day's first moment in the reader's time zone; null for no day. */
export function momentOf(day: string): string | null {
  return day ? new Date(`${day}T00:00:00`).toISOString() : null;
}
