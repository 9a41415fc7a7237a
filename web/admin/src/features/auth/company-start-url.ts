/** Where signing in through a company's own provider begins. */
export function companyStartUrl(slug: string, next: string | undefined): string {
  const query = next ? `?${new URLSearchParams({ return_to: next })}` : "";
  return `/api/v1/auth/oidc/${encodeURIComponent(slug)}/start${query}`;
}
