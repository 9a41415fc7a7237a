import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import type { EventFilter } from "@/features/audit/api/list-events";
import { asSubject } from "@/features/audit/event-words";
import { needWords } from "../i18n";
import { company } from "./root";
import { text } from "./search";

const settings = createRoute({
  getParentRoute: () => company,
  path: "/settings",
  beforeLoad: () => needWords("settings"),
  component: lazyRouteComponent(() => import("../shell/settings-layout"), "SettingsLayout"),
});

const first = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/c/$companySlug/settings/usage", params, replace: true });
  },
});

const usage = createRoute({
  getParentRoute: () => settings,
  path: "/usage",
  component: lazyRouteComponent(() => import("../routes/usage"), "UsageRoute"),
});

const members = createRoute({
  getParentRoute: () => settings,
  path: "/members",
  component: lazyRouteComponent(() => import("../routes/members"), "MembersRoute"),
});

const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: "/api-keys",
  component: lazyRouteComponent(() => import("../routes/api-keys"), "ApiKeysRoute"),
});

const signIn = createRoute({
  getParentRoute: () => settings,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("../routes/company-sign-in"), "CompanySignInRoute"),
});

const general = createRoute({
  getParentRoute: () => settings,
  path: "/general",
  component: lazyRouteComponent(() => import("../routes/general"), "GeneralRoute"),
});

const look = createRoute({
  getParentRoute: () => settings,
  path: "/look",
  component: lazyRouteComponent(() => import("../routes/look"), "LookRoute"),
});

const storage = createRoute({
  getParentRoute: () => settings,
  path: "/storage",
  validateSearch: (search: Record<string, unknown>) => ({
    connected: text(search.connected),
    problem: text(search.problem),
  }),
  beforeLoad: () => needWords("storage", "keeping"),
  component: lazyRouteComponent(() => import("../routes/storage"), "StorageRoute"),
});

const data = createRoute({
  getParentRoute: () => settings,
  path: "/data",
  component: lazyRouteComponent(() => import("../routes/company-data"), "CompanyDataRoute"),
});

const audit = createRoute({
  getParentRoute: () => settings,
  path: "/audit",
  validateSearch: (search: Record<string, unknown>): EventFilter => ({
    q: text(search.q),
    about: asSubject(search.about),
  }),
  component: lazyRouteComponent(() => import("../routes/audit"), "AuditRoute"),
});

const jobs = createRoute({
  getParentRoute: () => settings,
  path: "/jobs",
  beforeLoad: () => needWords("jobs"),
  component: lazyRouteComponent(() => import("../routes/company-jobs"), "CompanyJobsRoute"),
});

const notifications = createRoute({
  getParentRoute: () => settings,
  path: "/notifications",
  beforeLoad: () => needWords("notifications"),
  component: lazyRouteComponent(
    () => import("../routes/notification-settings"),
    "NotificationSettingsRoute",
  ),
});

const webhooks = createRoute({
  getParentRoute: () => settings,
  path: "/webhooks",
  beforeLoad: () => needWords("notifications"),
  component: lazyRouteComponent(() => import("../routes/webhooks"), "WebhooksRoute"),
});

/** The settings of a company. */
export const settingsRoutes = settings.addChildren([
  first,
  general,
  look,
  usage,
  members,
  signIn,
  apiKeys,
  notifications,
  webhooks,
  audit,
  jobs,
  storage,
  data,
]);
