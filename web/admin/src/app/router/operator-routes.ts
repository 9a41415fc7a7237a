import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import type { EventFilter } from "@/features/audit/api/list-events";
import { asSubject } from "@/features/audit/event-words";
import { meQuery } from "@/features/auth/api/get-me";
import type { JobFilter } from "@/features/jobs/api/jobs";
import { asStatus, type CompanyFilter } from "@/features/operator/api/companies";
import { asKind, type PeopleFilter } from "@/features/operator/api/people";
import { needWords } from "../i18n";
import { signedIn } from "./root";
import { text } from "./search";

type Search = Record<string, unknown>;

/** For who is no operator, nothing is at these addresses. */
const operator = createRoute({
  getParentRoute: () => signedIn,
  path: "/operator",
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me?.user.is_superadmin) throw notFound();
    await needWords("operator", "settings");
  },
  component: lazyRouteComponent(() => import("../shell/operator-layout"), "OperatorLayout"),
});

const companies = createRoute({
  getParentRoute: () => operator,
  path: "/",
  validateSearch: (search: Search): CompanyFilter => ({
    q: text(search.q),
    status: asStatus(search.status),
    plan: text(search.plan),
  }),
  component: lazyRouteComponent(
    () => import("../routes/operator-companies"),
    "OperatorCompaniesRoute",
  ),
});

const deleted = createRoute({
  getParentRoute: () => operator,
  path: "/deleted",
  component: lazyRouteComponent(() => import("../routes/operator-deleted"), "OperatorDeletedRoute"),
});

const people = createRoute({
  getParentRoute: () => operator,
  path: "/people",
  validateSearch: (search: Search): PeopleFilter => ({
    q: text(search.q),
    kind: asKind(search.kind),
  }),
  component: lazyRouteComponent(() => import("../routes/operator-people"), "OperatorPeopleRoute"),
});

const plans = createRoute({
  getParentRoute: () => operator,
  path: "/plans",
  component: lazyRouteComponent(() => import("../routes/operator-plans"), "OperatorPlansRoute"),
});

const audit = createRoute({
  getParentRoute: () => operator,
  path: "/audit",
  validateSearch: (search: Search): EventFilter => ({
    q: text(search.q),
    about: asSubject(search.about),
  }),
  component: lazyRouteComponent(() => import("../routes/operator-audit"), "OperatorAuditRoute"),
});

const jobs = createRoute({
  getParentRoute: () => operator,
  path: "/jobs",
  beforeLoad: () => needWords("jobs"),
  validateSearch: (search: Search): JobFilter => ({
    refused: search.refused === true || undefined,
  }),
  component: lazyRouteComponent(() => import("../routes/operator-jobs"), "OperatorJobsRoute"),
});

const backups = createRoute({
  getParentRoute: () => operator,
  path: "/backups",
  beforeLoad: () => needWords("backups"),
  component: lazyRouteComponent(() => import("../routes/operator-backups"), "OperatorBackupsRoute"),
});

/** The installation, above its companies. */
export const operatorRoutes = operator.addChildren([
  companies,
  people,
  plans,
  jobs,
  backups,
  audit,
  deleted,
]);
