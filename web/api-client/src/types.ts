import type { components } from "./schema";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type AccountDetail = Schemas["AccountDetail"];
export type AuditEvent = Schemas["AuditEvent"];
export type ApiKey = Schemas["ApiKey"];
export type ApiKeyWithToken = Schemas["ApiKeyWithToken"];
export type ArContent = Schemas["ArContent"];
export type BulkAnswer = Schemas["BulkAnswer"];
export type BulkResult = Schemas["BulkResult"];
export type CellError = Schemas["CellError"];
export type ChromaKey = NonNullable<Schemas["Video"]["chroma_key"]>;
export type Company = Schemas["Company"];
export type ContentImport = Schemas["ContentImport"];
export type ImportCheck = Schemas["ImportCheck"];
export type Erasure = Schemas["Erasure"];
export type IdentityProvider = Schemas["IdentityProvider"];
export type IdentityProviderUpdate = Schemas["IdentityProviderUpdate"];
export type Me = Schemas["Me"];
export type OperatedCompany = Schemas["OperatedCompany"];
export type Plan = Schemas["Plan"];
export type PlanCreate = Schemas["PlanCreate"];
export type PlanUpdate = Schemas["PlanUpdate"];
export type Project = Schemas["Project"];
export type SecondStep = Schemas["SecondStep"];
export type Schedule = Schemas["Schedule"];
export type ScheduleRules = Schemas["Rules"];
export type SchedulePreview = Schemas["Preview"];
export type ScheduleCalendar = Schemas["Calendar"];
export type CalendarDay = Schemas["CalendarDay"];
export type DayPart = Schemas["DayPart"];
export type Session = Schemas["Session"];
export type Enrolment = Schemas["Enrolment"];
export type TwoFactorStatus = Schemas["TwoFactorStatus"];
export type User = Schemas["User"];
export type Member = Schemas["Member"];
export type CompanyExport = Schemas["Export"];
export type CompanyJob = Schemas["CompanyJob"];
export type OperatedJob = Schemas["OperatedJob"];
export type JobsOverview = Schemas["Overview"];
export type Domain = Schemas["Domain"];
export type Look = Schemas["Look"];
export type LookUpdate = Schemas["LookUpdate"];
export type Invitation = Schemas["Invitation"];
export type InvitationPreview = Schemas["InvitationPreview"];
export type SignInPolicy = Schemas["SignInPolicy"];
export type SignedOut = Schemas["SignedOut"];
export type Subscription = Schemas["Subscription"];
export type TargetVersion = Schemas["TargetVersion"];
export type SubscriptionUpdate = Schemas["SubscriptionUpdate"];
export type Upload = Schemas["Upload"];
export type Video = Schemas["Video"];

export type Membership = Me["memberships"][number];
export type Target = ArContent["target"];
export type TargetStatus = Target["status"];
export type ContentStatus = ArContent["status"];
export type BulkAction = Schemas["BulkAction"];
export type Replacement = NonNullable<ArContent["replacement"]>;
export type UploadPurpose = Upload["purpose"];

/** One page of a list; `next_cursor` is null on the last one. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}
