/**
 * The one-time password just typed at sign-in, so that nobody is asked for it twice. Kept only in
 * this page's memory, and only until the new password is saved.
 */
let kept: string | null = null;

export function keepOneTimePassword(password: string): void {
  kept = password;
}

export function keptOneTimePassword(): string | null {
  return kept;
}

export function forgetOneTimePassword(): void {
  kept = null;
}
