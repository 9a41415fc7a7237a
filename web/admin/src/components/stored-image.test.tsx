// @vitest-environment jsdom
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { renewPicture } from "@/lib/renew-pictures";
import { StoredImage } from "./stored-image";

const list = vi.fn<() => Promise<string[]>>();
const other = vi.fn(async () => ["nothing of it"]);
let signature = 0;

beforeEach(() => {
  signature = 0;
  other.mockClear();
  list.mockReset();
  list.mockImplementation(async () => {
    signature += 1;
    return ["a", "b", "c"].map((name) => `/storage/acme/${name}.webp?e=1&s=${signature}`);
  });
});

function Pictures() {
  const { data = [] } = useQuery({ queryKey: ["list"], queryFn: list });
  useQuery({ queryKey: ["other"], queryFn: other });
  return data.map((src) => <StoredImage key={src.split("?")[0]} src={src} alt="print" />);
}

async function shown() {
  const queryClient = new QueryClient();
  render(
    <QueryClientProvider client={queryClient}>
      <Pictures />
    </QueryClientProvider>,
  );
  await waitFor(() => expect(screen.getAllByAltText("print")).toHaveLength(3));
  return queryClient;
}

function addresses() {
  return screen.getAllByAltText("print").map((image) => image.getAttribute("src"));
}

it("asks once for the list of pictures that fail together, and for nothing else", async () => {
  await shown();
  for (const image of screen.getAllByAltText("print")) fireEvent.error(image);
  await waitFor(() => expect(addresses()[0]).toContain("s=2"));
  expect(addresses().every((address) => address?.endsWith("s=2"))).toBe(true);
  expect(list).toHaveBeenCalledTimes(2);
  expect(other).toHaveBeenCalledTimes(1);
});

it("does not ask again for a picture that fails with its new address too", async () => {
  await shown();
  fireEvent.error(screen.getAllByAltText("print")[0] as Element);
  await waitFor(() => expect(addresses()[0]).toContain("s=2"));
  fireEvent.error(screen.getAllByAltText("print")[0] as Element);
  await new Promise((done) => setTimeout(done, 30));
  expect(list).toHaveBeenCalledTimes(2);
});

it("asks again when the next signature has ended, minutes later", async () => {
  const queryClient = await shown();
  await renewPicture(queryClient, addresses()[0] ?? "", 0);
  await waitFor(() => expect(addresses()[0]).toContain("s=2"));
  await renewPicture(queryClient, addresses()[0] ?? "", 60_000);
  expect(list).toHaveBeenCalledTimes(2);
  await renewPicture(queryClient, addresses()[0] ?? "", 16 * 60_000);
  expect(list).toHaveBeenCalledTimes(3);
});

it("stands alone too, where nothing was asked for", () => {
  render(<StoredImage src="/storage/acme/a.webp" alt="alone" />);
  fireEvent.error(screen.getByAltText("alone"));
  expect(screen.getByAltText("alone")).toHaveAttribute("loading", "lazy");
});
