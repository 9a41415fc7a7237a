// @vitest-environment jsdom
import type { ArContent, TargetStatus } from "@arv/api-client";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "@/lib/api";
import { contentQuery } from "./api/get-content";
import { contentInterval, listInterval } from "./polling";

vi.mock("@/lib/api", () => ({ api: { GET: vi.fn() } }));

const content = (status: TargetStatus) =>
  ({ id: "k1", target: { status }, videos: [] as unknown }) as ArContent;

describe("the intervals", () => {
  it("ask while a target is queued or compiling, and never after", () => {
    expect(contentInterval(content("queued"))).toBeTypeOf("number");
    expect(contentInterval(content("compiling"))).toBeTypeOf("number");
    expect(contentInterval(content("ready"))).toBe(false);
    expect(contentInterval(content("failed"))).toBe(false);
    expect(contentInterval(undefined)).toBe(false);
  });

  it("ask while the target of the next image is made, though the one in use is ready", () => {
    const replaced = (status: TargetStatus) =>
      ({ ...content("ready"), replacement: { target: { status } } }) as ArContent;
    expect(contentInterval(replaced("compiling"))).toBeTypeOf("number");
    expect(contentInterval(replaced("failed"))).toBe(false);
  });

  it("ask while a video is made ready", () => {
    const filmed = (status: string) =>
      ({ ...content("ready"), videos: [{ status }] as unknown }) as ArContent;
    expect(contentInterval(filmed("processing"))).toBeTypeOf("number");
    expect(contentInterval(filmed("failed"))).toBe(false);
  });

  it("ask for a grid while any of its targets is being made", () => {
    const grid = (...statuses: TargetStatus[]) => ({ pages: [{ items: statuses.map(content) }] });
    expect(listInterval(grid("ready", "compiling"))).toBeTypeOf("number");
    expect(listInterval(grid("ready", "failed"))).toBe(false);
  });
});

describe("contentQuery", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("stops asking as soon as the target is ready", async () => {
    const answers: TargetStatus[] = ["queued", "compiling", "ready"];
    vi.mocked(api.GET).mockImplementation((async () => ({
      data: content(answers.shift() ?? "ready"),
      response: new Response(),
    })) as never);
    const client = new QueryClient();
    const query = contentQuery("c1", "k1");
    const unsubscribe = new QueryObserver(client, query).subscribe(() => {});
    await vi.advanceTimersByTimeAsync(60_000);
    unsubscribe();
    expect(api.GET).toHaveBeenCalledTimes(3);
    expect(client.getQueryData(query.queryKey)?.target.status).toBe("ready");
  });
});
