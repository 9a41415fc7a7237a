export { type ApiClient, answer, createApiClient } from "./client";
export { type FieldProblem, Problem, problemFrom, UNREACHABLE, unreachable } from "./problem";
export type {
  ArContent,
  AuditEvent,
  Company,
  ContentStatus,
  Me,
  Membership,
  Page,
  Project,
  SecondStep,
  Subscription,
  Target,
  TargetStatus,
  Upload,
  UploadPurpose,
  Video,
} from "./types";
export { type RunningUpload, startUpload, type UploadRequest } from "./upload";
