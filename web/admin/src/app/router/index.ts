import { createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { meQuery } from "@/features/auth/api/get-me";
import { createQueryClient } from "../query-client";
import { PendingScreen } from "../screens/pending";
import { accountRoutes } from "./account-routes";
import { companyRoutes } from "./company-routes";
import { doorRoutes } from "./door-routes";
import { operatorRoutes } from "./operator-routes";
import { company, root, signedIn } from "./root";
import { settingsRoutes } from "./settings-routes";

const start = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  component: lazyRouteComponent(() => import("../routes/start"), "StartRoute"),
});

const routeTree = root.addChildren([
  ...doorRoutes,
  signedIn.addChildren([
    start,
    accountRoutes,
    operatorRoutes,
    company.addChildren([...companyRoutes, settingsRoutes]),
  ]),
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
