import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import type { PanelRouter } from "./router";
import { theme } from "./theme";

/** Everything a screen stands on: look, words, server state and address. */
export function Providers({
  queryClient,
  router,
}: {
  queryClient: QueryClient;
  router: PanelRouter;
}) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="bottom-center" limit={2} autoClose={5000} />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
