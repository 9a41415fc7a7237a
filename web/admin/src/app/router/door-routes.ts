import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/get-me";
import { needWords } from "../i18n";
import { root } from "./root";
import { ownPath, text } from "./search";

/** The last three come from the sign-in of a company, which sends the browser back here. */
interface SignInSearch {
  next?: string;
  company?: string;
  error?: string;
  second_factor?: string;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    next: ownPath(search.next),
    company: text(search.company),
    error: text(search.error),
    second_factor: text(search.second_factor),
  }),
  beforeLoad: async ({ context, search }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    // Who tries the company's sign-in out is signed in, and must see what went wrong.
    if (me && !search.error) throw redirect({ href: search.next ?? "/" });
  },
  component: lazyRouteComponent(() => import("../routes/sign-in"), "SignInRoute"),
});

const newPassword = createRoute({
  getParentRoute: () => root,
  path: "/new-password",
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(meQuery);
    if (!me) throw redirect({ to: "/sign-in" });
  },
  component: lazyRouteComponent(() => import("../routes/new-password"), "NewPasswordRoute"),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("../routes/reset-password"), "ForgotPasswordRoute"),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("../routes/reset-password"), "ResetPasswordRoute"),
});

const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: "/confirm-email",
  component: lazyRouteComponent(() => import("../routes/confirm-email"), "ConfirmEmailRoute"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitations",
  component: lazyRouteComponent(() => import("../routes/invitation"), "InvitationRoute"),
});

const unsubscribe = createRoute({
  getParentRoute: () => root,
  path: "/unsubscribe",
  beforeLoad: () => needWords("notifications"),
  component: lazyRouteComponent(() => import("../routes/unsubscribe"), "UnsubscribeRoute"),
});

/** What stands before the panel: signing in, and what may be asked on the way. */
export const doorRoutes = [
  signIn,
  newPassword,
  forgotPassword,
  resetPassword,
  confirmEmail,
  invitation,
  unsubscribe,
] as const;
