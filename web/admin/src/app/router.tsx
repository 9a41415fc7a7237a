import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/get-me";
import { createQueryClient } from "./query-client";
import { NotFoundScreen } from "./screens/not-found";
import { PendingScreen } from "./screens/pending";
import { ProblemScreen } from "./screens/problem";

interface RouterContext {
  queryClient: QueryClient;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const searched = (search: Record<string, unknown>): { q?: string } => ({ q: text(search.q) });

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFoundScreen,
  errorComponent: ProblemScreen,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({
    next: ownPath(search.next),
  }),
  beforeLoad: async ({ context, search }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (me) throw redirect({ href: search.next ?? "/" });
  },
  component: lazyRouteComponent(() => import("./routes/sign-in"), "SignInRoute"),
});

const newPassword = createRoute({
  getParentRoute: () => root,
  path: "/new-password",
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: "/sign-in" });
  },
  component: lazyRouteComponent(() => import("./routes/new-password"), "NewPasswordRoute"),
});

/** Everything behind the sign-in; who is not signed in comes back here afterwards. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: "/sign-in", search: { next: location.href } });
    if (me.user.must_change_password) throw redirect({ to: "/new-password" });
  },
  component: lazyRouteComponent(() => import("./shell/signed-in-layout"), "SignedInLayout"),
});

const start = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: lazyRouteComponent(() => import("./routes/start"), "StartRoute"),
});

const company = createRoute({ getParentRoute: () => signedIn, path: "/c/$companySlug" });

const projects = createRoute({
  getParentRoute: () => company,
  path: "/",
  validateSearch: searched,
  component: lazyRouteComponent(() => import("./routes/projects"), "ProjectsRoute"),
});

const project = createRoute({
  getParentRoute: () => company,
  path: "/projects/$projectId",
  validateSearch: searched,
  component: lazyRouteComponent(() => import("./routes/project"), "ProjectRoute"),
});

const newContent = createRoute({
  getParentRoute: () => company,
  path: "/projects/$projectId/new",
  component: lazyRouteComponent(() => import("./routes/new-content"), "NewContentRoute"),
});

const content = createRoute({
  getParentRoute: () => company,
  path: "/contents/$contentId",
  component: lazyRouteComponent(() => import("./routes/content"), "ContentRoute"),
});

const routeTree = root.addChildren([
  signIn,
  newPassword,
  signedIn.addChildren([start, company.addChildren([projects, project, newContent, content])]),
]);

/** The router and the cache it loads from; a session that ends anywhere leads to the sign-in screen. */
export function createPanel() {
  const queryClient = createQueryClient(() => {
    queryClient.setQueryData(meQuery.queryKey, null);
    const next = router.state.location.href;
    if (!next.startsWith("/sign-in")) void router.navigate({ to: "/sign-in", search: { next } });
  });
  const router = createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    defaultPendingComponent: PendingScreen,
    scrollRestoration: true,
  });
  return { queryClient, router };
}

export type PanelRouter = ReturnType<typeof createPanel>["router"];

declare module "@tanstack/react-router" {
  interface Register {
    router: PanelRouter;
  }
}

/** A path on this host, so that `?next=` can not send anyone elsewhere. */
export function ownPath(value: unknown): string | undefined {
  const path = text(value);
  return path && /^\/(?![/\\])/.test(path) ? path : undefined;
}
