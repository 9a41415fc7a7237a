import type { IdentityProvider, IdentityProviderUpdate } from "@arv/api-client";

/** A provider as its form has it. */
export interface ProviderWords {
  issuer: string;
  clientId: string;
  /** Empty: the one of before stays. */
  secret: string;
  /** Mail domains, one after another with anything between them. */
  domains: string;
  role: "editor" | "viewer";
  autoProvision: boolean;
  enabled: boolean;
}

export function wordsOf(provider: IdentityProvider | null): ProviderWords {
  return {
    issuer: provider?.issuer ?? "",
    clientId: provider?.client_id ?? "",
    secret: "",
    domains: provider?.allowed_domains.join(", ") ?? "",
    role: provider?.default_role === "editor" ? "editor" : "viewer",
    autoProvision: provider?.auto_provision ?? false,
    enabled: provider?.enabled ?? true,
  };
}

/** "a.example, @b.example" as ["a.example", "b.example"], each once. */
export function domainsIn(typed: string): string[] {
  const domains = typed
    .split(/[\s,;]+/)
    .map((domain) => domain.replace(/^@/, "").toLowerCase())
    .filter(Boolean);
  return [...new Set(domains)];
}

/** Whether there is enough of it to be tried. A provider that is new needs its secret. */
export function isComplete(words: ProviderWords, isNew: boolean): boolean {
  return (
    /^https?:\/\/./.test(words.issuer.trim()) &&
    words.clientId.trim() !== "" &&
    domainsIn(words.domains).length > 0 &&
    (!isNew || words.secret !== "")
  );
}

export function updateOf(words: ProviderWords): IdentityProviderUpdate {
  return {
    issuer: words.issuer.trim(),
    client_id: words.clientId.trim(),
    ...(words.secret && { client_secret: words.secret }),
    allowed_domains: domainsIn(words.domains),
    default_role: words.role,
    auto_provision: words.autoProvision,
    enabled: words.enabled,
  };
}
