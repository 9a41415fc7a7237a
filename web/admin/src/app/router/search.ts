/** A parameter of the address that says something. */
export const text = (value: unknown) =>
  typeof value === "string" && value !== "" ? value : undefined;

/** What a list was searched for. */
export const searched = (search: Record<string, unknown>): { q?: string } => ({
  q: text(search.q),
});

/** A path on this host, so that `?next=` can not send anyone elsewhere. */
export function ownPath(value: unknown): string | undefined {
  const path = text(value);
  return path && /^\/(?![/\\])/.test(path) ? path : undefined;
}
