import type { TFunction } from "i18next";

/** What a kind of notification is about, or its bare name when it is new to us. */
export function kindWords(kind: string, t: TFunction<"notifications">): string {
  return t(`kind.${kind}` as never, { defaultValue: kind }) as string;
}
