import type { TFunction } from "i18next";

interface Failure {
  code: string;
  detail: string;
}

/** Why a message was not taken, in the reader's language; the server's own sentence where there is none. */
export function failureWords(failure: Failure, t: TFunction<"notifications">): string {
  return t(`failure.${failure.code}` as never, { defaultValue: failure.detail }) as string;
}
