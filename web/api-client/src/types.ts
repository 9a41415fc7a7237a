import type { components } from "./schema";

type Schemas = components["schemas"];

export type AuditEvent = Schemas["AuditEvent"];
export type ApiKey = Schemas["ApiKey"];
export type ApiKeyWithToken = Schemas["ApiKeyWithToken"];
export type ArContent = Schemas["ArContent"];
export type Company = Schemas["Company"];
export type Me = Schemas["Me"];
export type Project = Schemas["Project"];
export type SecondStep = Schemas["SecondStep"];
export type Session = Schemas["Session"];
export type Enrolment = Schemas["Enrolment"];
export type TwoFactorStatus = Schemas["TwoFactorStatus"];
export type User = Schemas["User"];
export type Member = Schemas["Member"];
export type CompanyExport = Schemas["Export"];
export type Domain = Schemas["Domain"];
export type Look = Schemas["Look"];
export type LookUpdate = Schemas["LookUpdate"];
export type Invitation = Schemas["Invitation"];
export type InvitationPreview = Schemas["InvitationPreview"];
export type SignedOut = Schemas["SignedOut"];
export type Subscription = Schemas["Subscription"];
export type Upload = Schemas["Upload"];
export type Video = Schemas["Video"];

export type Membership = Me["memberships"][number];
export type Target = ArContent["target"];
export type TargetStatus = Target["status"];
export type ContentStatus = ArContent["status"];
export type UploadPurpose = Upload["purpose"];

/** One page of a list; `next_cursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
