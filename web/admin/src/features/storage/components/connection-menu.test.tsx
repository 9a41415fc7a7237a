// @vitest-environment jsdom
import type { StorageConnection } from "@arv/api-client";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, it, vi } from "vitest";
import { needWords, startI18n } from "@/app/i18n";
import { api } from "@/lib/api";
import { ConnectionMenu } from "./connection-menu";

vi.mock("@/lib/api", () => ({ api: { POST: vi.fn() } }));

const disk = {
  id: "d1",
  name: "Our Disk",
  kind: "yandex_disk",
  is_shared: false,
  is_default: true,
  archived_at: null,
  last_test: { works: false, code: "access_denied", detail: "" },
} as unknown as StorageConnection;

beforeAll(async () => {
  await startI18n("en");
  await needWords("storage", "keeping");
});

function menu(connection: StorageConnection) {
  return (
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <ConnectionMenu companyId="c1" connection={connection} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

it("lets a withdrawn Disk in again, as the same connection", async () => {
  vi.mocked(api.POST).mockResolvedValue({
    error: { code: "yandex_not_set_up", title: "", status: 409 },
    response: new Response(null, { status: 409 }),
  } as never);
  render(menu(disk));
  await userEvent.click(screen.getByTestId("yandex-again"));
  await userEvent.click(await screen.findByTestId("yandex-again-go"));
  await waitFor(() => expect(api.POST).toHaveBeenCalledOnce());
  expect(vi.mocked(api.POST).mock.calls[0]?.[1]).toMatchObject({
    body: { name: "Our Disk", connection_id: "d1" },
  });
});

it("shows the button only where it mends something", () => {
  const { rerender } = render(menu({ ...disk, last_test: null }));
  expect(screen.queryByTestId("yandex-again")).toBeNull();
  rerender(menu({ ...disk, kind: "s3" }));
  expect(screen.queryByTestId("yandex-again")).toBeNull();
  rerender(menu({ ...disk, is_shared: true }));
  expect(screen.queryByTestId("yandex-again")).toBeNull();
});
