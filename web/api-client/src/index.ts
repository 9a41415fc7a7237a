export { type ApiClient, answer, createApiClient } from "./client";
export { type FieldProblem, Problem, problemFrom, UNREACHABLE, unreachable } from "./problem";
export type {
  ArContent,
  AuditEvent,
  Company,
  ContentStatus,
  Enrolment,
  Invitation,
  InvitationPreview,
  Me,
  Member,
  Membership,
  Page,
  Project,
  SecondStep,
  Session,
  SignedOut,
  Subscription,
  Target,
  TargetStatus,
  TwoFactorStatus,
  Upload,
  UploadPurpose,
  User,
  Video,
} from "./types";
export { type RunningUpload, startUpload, type UploadRequest } from "./upload";
