import type { components } from "./schema";

type Schemas = components["schemas"];

export type AuditEvent = Schemas["AuditEvent"];
export type ArContent = Schemas["ArContent"];
export type Company = Schemas["Company"];
export type Me = Schemas["Me"];
export type Project = Schemas["Project"];
export type SecondStep = Schemas["SecondStep"];
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
