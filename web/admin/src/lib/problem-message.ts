import { Problem } from "@arv/api-client";
import type { TFunction } from "i18next";

/** A failure in the reader's words: what happened, and what to do next. */
export interface ProblemMessage {
  title: string;
  advice: string;
}

/** Codes the server and the panel use, each with its own words in `problem.code` of every language. */
export const KNOWN_CODES = [
  "unreachable",
  "invalid_credentials",
  "wrong_password",
  "weak_password",
  "too_many_requests",
  "project_not_empty",
  "target_not_ready",
  "no_video",
  "last_video",
  "payload_too_large",
  "unsupported_media_type",
  "image_broken",
  "image_too_large",
  "image_too_small",
  "video_broken",
  "no_texture",
  "file_empty",
  "video_too_large",
  "video_too_long",
  "video_too_slow",
  "video_not_ready",
  "video_not_failed",
  "video_has_alpha",
  "video_not_keyed",
  "slug_taken",
  "wrong_second_factor",
  "challenge_expired",
  "reset_expired",
  "two_factor_required",
  "quota_exceeded",
  "precondition_failed",
  "confirmation_required",
  "last_owner",
  "already_member",
  "already_invited",
  "too_many_invitations",
  "invitation_expired",
  "invitation_used",
  "invitation_revoked",
  "sign_in_to_accept",
  "invited_somebody_else",
  "email_change_expired",
  "email_taken",
  "wrong_code",
  "sign_in_busy",
  "too_little_contrast",
  "domain_taken",
  "confirmation_differs",
  "subscription_ended",
  "content_archived",
  "project_archived",
  "target_not_failed",
  "import_table_invalid",
  "upload_not_found",
  "not_let_in",
  "provider_unusable",
  "identity_not_verified",
  "sign_in_not_begun",
  "own_sign_in_required",
  "last_superadmin",
  "own_account",
  "plan_code_taken",
  "default_plan_needed",
  "company_not_deleted",
  "connection_in_use",
  "connection_not_working",
  "files_elsewhere",
  "move_under_way",
  "move_not_possible",
  "move_ended",
  "check_running",
  "yandex_not_set_up",
  "not_a_yandex_disk",
  "address_refused",
  "not_linked_yet",
  "webhook_off",
] as const;

export type KnownCode = (typeof KNOWN_CODES)[number];

/** Words of status classes, for codes a newer server may use. */
const STATUS_WORDS = {
  401: "signed_out",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  410: "gone",
  413: "payload_too_large",
  415: "unsupported_media_type",
  422: "invalid",
  429: "too_many_requests",
} as const;

/** Other names the server has for what `KNOWN_CODES` says. */
const ALIASES: Record<string, KnownCode> = {
  too_many_attempts: "too_many_requests",
  too_many_uploads: "too_many_requests",
  image_type_refused: "unsupported_media_type",
  video_type_refused: "unsupported_media_type",
  video_empty: "video_broken",
  not_an_image: "image_broken",
  too_small: "image_too_small",
  too_large: "image_too_large",
};

/** What is wrong when the server only says which field is. */
const POINTERS: Record<string, KnownCode> = {
  "#/current_password": "wrong_password",
  "#/new_password": "weak_password",
};

export function problemMessage(error: unknown, t: TFunction): ProblemMessage {
  if (!(error instanceof Problem)) return inWords("unexpected", t);
  const code = knownCode(error.code) ?? codeOfPointer(error);
  if (code) return inWords(code, t);
  const generic = inWords(wordOfStatus(error.status), t);
  // The server's own sentence is more exact than ours, and English: shown under our translated title.
  return error.detail ? { ...generic, advice: error.detail } : generic;
}

/** The words of a code, such as the reason a target could not be made; null when it is new to us. */
export function codeMessage(code: string, t: TFunction): ProblemMessage | null {
  const known = knownCode(code);
  return known ? inWords(known, t) : null;
}

function knownCode(code: string): KnownCode | undefined {
  return ALIASES[code] ?? KNOWN_CODES.find((known) => known === code);
}

function codeOfPointer(problem: Problem): KnownCode | undefined {
  return POINTERS[problem.errors[0]?.pointer ?? ""];
}

type Word = KnownCode | (typeof STATUS_WORDS)[keyof typeof STATUS_WORDS] | "server" | "unexpected";

function wordOfStatus(status: number): Word {
  if (status >= 500) return "server";
  return STATUS_WORDS[status as keyof typeof STATUS_WORDS] ?? "unexpected";
}

function inWords(word: Word, t: TFunction): ProblemMessage {
  return { title: t(`problem.code.${word}.title`), advice: t(`problem.code.${word}.advice`) };
}
