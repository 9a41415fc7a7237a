import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { needWords } from "../i18n";
import { signedIn } from "./root";

const account = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  beforeLoad: () => needWords("account"),
  component: lazyRouteComponent(() => import("../shell/account-layout"), "AccountLayout"),
});

const profile = createRoute({
  getParentRoute: () => account,
  path: "/",
  component: lazyRouteComponent(() => import("../routes/profile"), "ProfileRoute"),
});

const security = createRoute({
  getParentRoute: () => account,
  path: "/security",
  component: lazyRouteComponent(() => import("../routes/security"), "SecurityRoute"),
});

const notifications = createRoute({
  getParentRoute: () => account,
  path: "/notifications",
  beforeLoad: () => needWords("notifications"),
  component: lazyRouteComponent(
    () => import("../routes/account-notifications"),
    "AccountNotificationsRoute",
  ),
});

/** One's own account. */
export const accountRoutes = account.addChildren([profile, security, notifications]);
