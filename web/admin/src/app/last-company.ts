const STORAGE_KEY = "arv-company";

/** The slug of the company this browser worked in last. */
export function lastCompanySlug(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}

export function rememberCompany(slug: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, slug);
  } catch {
    // Storage is blocked: the panel starts in the first company.
  }
}
