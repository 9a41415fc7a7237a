import type { TFunction } from "i18next";
import type { Scope } from "../api/api-keys";

export const SCOPES = [
  "read",
  "projects.write",
  "contents.write",
  "contents.publish",
  "storage.manage",
  "company.manage",
  "company.export",
  "audit.read",
] as const satisfies readonly Scope[];

export const LIFETIMES = ["month", "year", "forever"] as const;
export type Lifetime = (typeof LIFETIMES)[number];

const DAYS = { month: 30, year: 365 };
const DAY_MS = 86_400_000;

/** The moment a key made now stops working; null when it never does. */
export function expiryAfter(lifetime: Lifetime, now: Date): string | null {
  if (lifetime === "forever") return null;
  return new Date(now.getTime() + DAYS[lifetime] * DAY_MS).toISOString();
}

/** What a key with the scope may do. */
export function scopeWords(scope: Scope, t: TFunction<"settings">): string {
  // Dots part the levels of our texts, so the scope's own become underscores.
  return t(`keys.scope.${scope.replace(".", "_") as Underscored<Scope>}`);
}

type Underscored<S extends string> = S extends `${infer A}.${infer B}` ? `${A}_${B}` : S;
