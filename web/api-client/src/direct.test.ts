import { beforeEach, expect, it, vi } from "vitest";
import { mayGoDirectly, prepareDirect } from "./direct";
import { Problem } from "./problem";
import type { Sending } from "./resumable";

const MEGABYTE = 1024 * 1024;
const FILM = new File([new Uint8Array(9 * MEGABYTE)], "dance.mp4");
const PLACE = "/api/v1/companies/c1/uploads/direct";
const STORE = "https://bucket.example/x.part?X-Amz-Signature=1";
const request = { companyId: "c1", purpose: "video" as const, file: FILM, onProgress: vi.fn() };

/** Stands in for the browser's request to the object store. */
class Store extends EventTarget {
  static answers = 200;
  static sent: { method: string; url: string; headers: Record<string, string>; body: unknown }[] =
    [];
  upload = new EventTarget();
  status = 0;
  #request = { method: "", url: "", headers: {} as Record<string, string>, body: null as unknown };
  open(method: string, url: string) {
    Object.assign(this.#request, { method, url });
  }
  setRequestHeader(name: string, value: string) {
    this.#request.headers[name] = value;
  }
  abort() {
    this.dispatchEvent(new Event("abort"));
  }
  send(body: unknown) {
    Store.sent.push({ ...this.#request, body });
    if (Store.answers === 0) return;
    this.status = Store.answers;
    this.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded: FILM.size }));
    this.dispatchEvent(new Event("load"));
  }
}

/** The server: answers by method and path. */
function server(answers: Record<string, () => Response>) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, options: RequestInit = {}) => {
    const question = `${options.method ?? "GET"} ${path}`;
    asked.push(question);
    const answer = answers[question];
    if (!answer) throw new TypeError("Failed to fetch");
    return answer();
  });
  return asked;
}

const begun = () =>
  Response.json({ upload: { id: "d1" }, url: STORE, headers: { "x-amz-checksum-sha256": "sum" } });
const refused = (status: number, code: string) => () => Response.json({ code }, { status });

/** The way through the server, which always arrives. */
function detour() {
  const sending: Sending = {
    finished: Promise.resolve({ id: "through-us" } as never),
    start: vi.fn(),
    stop: vi.fn(),
    forget: vi.fn(),
  };
  return { sending, prepare: vi.fn(() => sending) };
}

beforeEach(() => {
  Store.answers = 200;
  Store.sent = [];
  request.onProgress.mockReset();
  vi.stubGlobal("XMLHttpRequest", Store);
});

it.each([
  ["a small file", new File(["x"], "a.jpg"), true, false],
  ["where the operator has not named the store", FILM, false, false],
  ["a large file where it may", FILM, true, true],
])("asks before it goes directly: %s", async (_, file, is_open_to_pages, expected) => {
  server({ [`GET ${PLACE}`]: () => Response.json({ is_open: true, is_open_to_pages }) });

  expect(await mayGoDirectly({ ...request, file })).toBe(expected);
});

it("takes no answer for a no", async () => {
  server({});
  expect(await mayGoDirectly(request)).toBe(false);
});

it("puts the announced bytes into the store and lets the server check them", async () => {
  const asked = server({
    [`POST ${PLACE}`]: begun,
    [`POST ${PLACE}/d1/complete`]: () => Response.json({ id: "u1" }),
  });
  const { prepare } = detour();

  const sending = prepareDirect(request, prepare);
  sending.start();

  expect(await sending.finished).toEqual({ id: "u1" });
  expect(Store.sent).toEqual([
    { method: "PUT", url: STORE, headers: { "x-amz-checksum-sha256": "sum" }, body: FILM },
  ]);
  expect(request.onProgress).toHaveBeenLastCalledWith(FILM.size, FILM.size);
  expect(asked).toHaveLength(2);
  expect(prepare).not.toHaveBeenCalled();
});

it("announces the SHA-256 of the file", async () => {
  const bodies: string[] = [];
  vi.stubGlobal("fetch", async (_: string, options: RequestInit) => {
    bodies.push(String(options.body));
    return refused(409, "direct_upload_impossible")();
  });
  const { prepare, sending: other } = detour();

  const sending = prepareDirect(request, prepare);
  sending.start();
  await sending.finished;

  const digest = await crypto.subtle.digest("SHA-256", await FILM.arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0"));
  expect(JSON.parse(bodies[0] ?? "").sha256).toBe(hex.join(""));
  expect(other.start).toHaveBeenCalledOnce();
});

it.each([
  ["the store refuses", 403, refused(409, "upload_incomplete")],
  ["the store has other bytes", 200, refused(409, "upload_incomplete")],
])("goes through the server when %s", async (_, status, complete) => {
  Store.answers = status;
  const asked = server({
    [`POST ${PLACE}`]: begun,
    [`POST ${PLACE}/d1/complete`]: complete,
    [`DELETE ${PLACE}/d1`]: () => new Response(null, { status: 204 }),
  });
  const { prepare } = detour();

  const sending = prepareDirect(request, prepare);
  sending.start();

  expect(await sending.finished).toEqual({ id: "through-us" });
  expect(asked.at(-1)).toBe(`DELETE ${PLACE}/d1`);
});

it("does not send a refused file once more", async () => {
  server({
    [`POST ${PLACE}`]: begun,
    [`POST ${PLACE}/d1/complete`]: refused(415, "unsupported_media_type"),
  });
  const { prepare } = detour();

  const sending = prepareDirect(request, prepare);
  sending.start();

  await expect(sending.finished).rejects.toMatchObject({ code: "unsupported_media_type" });
  await expect(sending.finished).rejects.toBeInstanceOf(Problem);
  expect(prepare).not.toHaveBeenCalled();
});

it("begins anew after a pause", async () => {
  Store.answers = 0;
  server({
    [`POST ${PLACE}`]: begun,
    [`POST ${PLACE}/d1/complete`]: () => Response.json({ id: "u1" }),
  });
  const { prepare } = detour();
  const sending = prepareDirect(request, prepare);
  sending.start();
  await vi.waitFor(() => expect(Store.sent).toHaveLength(1));

  sending.stop();
  Store.answers = 200;
  sending.start();

  expect(await sending.finished).toEqual({ id: "u1" });
  expect(Store.sent).toHaveLength(2);
  expect(prepare).not.toHaveBeenCalled();
});
