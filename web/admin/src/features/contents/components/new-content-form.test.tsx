// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startI18n } from "@/app/i18n";
import { api } from "@/lib/api";
import type { FilePlace } from "../readiness";
import { NewContentForm } from "./new-content-form";

vi.mock("@/lib/api", () => ({ api: { POST: vi.fn() } }));

const created = vi.fn();
const content = { id: "k1", company_id: "c1" };

beforeAll(() => startI18n("en"));
beforeEach(() => {
  created.mockReset();
  vi.mocked(api.POST).mockReset();
  vi.mocked(api.POST).mockResolvedValue({
    data: content,
    response: new Response(null, { status: 201 }),
  } as never);
});

function form(photo: FilePlace, video: FilePlace) {
  return (
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <NewContentForm
          place={{ companyId: "c1", projectId: "p1" }}
          suggestedTitle="IMG 2041"
          photo={photo}
          video={video}
          onCreated={created}
        />
      </QueryClientProvider>
    </MantineProvider>
  );
}

it("can not be asked for before there is a photo", () => {
  render(form({ kind: "none" }, { kind: "none" }));
  expect(screen.getByTestId("content-create")).toBeDisabled();
});

it("asked early, creates once, the moment both files have arrived", async () => {
  const { rerender } = render(form({ kind: "coming" }, { kind: "coming" }));
  await userEvent.clear(screen.getByLabelText("Title"));
  await userEvent.type(screen.getByLabelText("Title"), "First dance");
  await userEvent.click(screen.getByTestId("content-create"));
  expect(api.POST).not.toHaveBeenCalled();

  rerender(form({ kind: "stored", uploadId: "photo" }, { kind: "coming" }));
  expect(api.POST).not.toHaveBeenCalled();

  rerender(form({ kind: "stored", uploadId: "photo" }, { kind: "stored", uploadId: "video" }));
  await waitFor(() => expect(created).toHaveBeenCalledWith(content));
  expect(api.POST).toHaveBeenCalledOnce();
  expect(vi.mocked(api.POST).mock.calls[0]?.[1]).toMatchObject({
    body: { title: "First dance", image_upload_id: "photo", video_upload_id: "video" },
  });
});

it("does not create when a file gets stuck after it was asked", async () => {
  const { rerender } = render(form({ kind: "coming" }, { kind: "none" }));
  await userEvent.click(screen.getByTestId("content-create"));
  rerender(form({ kind: "stuck" }, { kind: "none" }));
  expect(await screen.findByText(/has not arrived/)).toBeInTheDocument();
  expect(api.POST).not.toHaveBeenCalled();
});
