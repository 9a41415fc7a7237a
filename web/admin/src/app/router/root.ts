import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/get-me";
import { NotFoundScreen } from "../screens/not-found";
import { ProblemScreen } from "../screens/problem";

interface RouterContext {
  queryClient: QueryClient;
}

export const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFoundScreen,
  errorComponent: ProblemScreen,
});

/** Everything behind the sign-in; who is not signed in comes back here afterwards. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: "/sign-in", search: { next: location.href } });
    if (me.user.must_change_password) throw redirect({ to: "/new-password" });
    const locked = me.two_factor.required && !me.two_factor.enabled;
    if (locked && location.pathname !== "/account/security")
      throw redirect({ to: "/account/security" });
  },
  component: lazyRouteComponent(() => import("../shell/signed-in-layout"), "SignedInLayout"),
});

/** A company in the address; its screens hang below. */
export const company = createRoute({ getParentRoute: () => signedIn, path: "/c/$companySlug" });
