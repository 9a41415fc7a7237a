import { beforeEach, expect, it, vi } from "vitest";
import { startUpload } from "./upload";

/** What the panel gives to the tus client, and what that client may call. */
interface Options {
  endpoint: string;
  metadata: Record<string, string>;
  uploadDataDuringCreation: boolean;
  fingerprint: () => Promise<string>;
  onProgress: (sent: number) => void;
  onShouldRetry: (error: Error) => boolean;
  onAfterResponse: (request: unknown, answer: unknown) => void;
  onError: (error: Error) => void;
  onSuccess: () => void;
}

/** Stands in for the tus client, which has its own tests. */
const { Tus } = vi.hoisted(() => {
  class Tus {
    static last: Tus;
    static previous: unknown[] = [];
    url: string | null = null;
    start = vi.fn();
    abort = vi.fn((_forGood: boolean) => Promise.resolve());
    resumeFromPreviousUpload = vi.fn();
    constructor(
      public file: File,
      public options: Options,
    ) {
      Tus.last = this;
    }
    findPreviousUploads = () => Promise.resolve(Tus.previous);
  }
  return { Tus };
});
vi.mock("tus-js-client", () => ({ Upload: Tus }));

const file = new File(["0123456789"], "Tanz & Kuß.jpg", { type: "image/jpeg", lastModified: 7 });
const online = new EventTarget();
const fetched = vi.fn<(url: string, options?: RequestInit) => Promise<Response>>();
const begin = async (wishes = {}) => {
  const upload = startUpload({ companyId: "c1", purpose: "image", file, ...wishes });
  await vi.waitFor(() => expect(Tus.last?.start).toHaveBeenCalled());
  return { upload, tus: Tus.last };
};
const answered = (headers: Record<string, string>) => ({
  getHeader: (name: string) => headers[name],
});
const refused = (status: number, body: string) =>
  Object.assign(new Error("tus"), {
    originalResponse: { getStatus: () => status, getBody: () => body },
  });

beforeEach(() => {
  Tus.previous = [];
  Tus.last = undefined as never;
  fetched.mockReset();
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("window", online);
});

it("says what the file is for and where it goes, a small one in one request", async () => {
  const { tus } = await begin();
  expect(tus.options).toMatchObject({
    endpoint: "/api/v1/companies/c1/uploads/tus",
    metadata: { filename: "Tanz & Kuß.jpg", purpose: "image" },
    uploadDataDuringCreation: true,
  });
});

it("goes on with the same file chosen again", async () => {
  const before = { uploadUrl: "/api/v1/companies/c1/uploads/tus/s1" };
  Tus.previous = [before];
  const { tus } = await begin();
  expect(tus.resumeFromPreviousUpload).toHaveBeenCalledWith(before);
  expect(await tus.options.fingerprint()).toBe("arv:c1:image:Tanz & Kuß.jpg:10:7");
});

it("ends with the upload the server names", async () => {
  fetched.mockResolvedValue(Response.json({ id: "u1" }));
  const { upload, tus } = await begin();
  tus.options.onAfterResponse(null, answered({ "ARV-Upload-Id": "u1" }));
  tus.options.onSuccess();
  expect(await upload.finished).toEqual({ id: "u1" });
  expect(fetched).toHaveBeenCalledWith("/api/v1/companies/c1/uploads/u1");
});

it("asks what was made of a file whose last answer was missed", async () => {
  fetched.mockResolvedValue(Response.json({ id: "u1" }));
  const { upload, tus } = await begin();
  tus.url = "/api/v1/companies/c1/uploads/tus/s1";
  tus.options.onSuccess();
  expect(await upload.finished).toEqual({ id: "u1" });
  expect(fetched.mock.calls[0]).toEqual([`${tus.url}/complete`, { method: "POST" }]);
});

it("fails with the server's problem", async () => {
  const { upload, tus } = await begin();
  tus.options.onError(refused(415, '{"code":"image_type_refused","title":"No","status":415}'));
  await expect(upload.finished).rejects.toMatchObject({ status: 415, code: "image_type_refused" });
});

it("fails with a problem when nobody answers, or a proxy does", async () => {
  const broken = await begin();
  broken.tus.options.onError(new Error("no network"));
  await expect(broken.upload.finished).rejects.toMatchObject({ status: 0, code: "unreachable" });
  Tus.last = undefined as never;
  const proxied = await begin();
  proxied.tus.options.onError(refused(413, "<html>too large</html>"));
  await expect(proxied.upload.finished).rejects.toMatchObject({ status: 413, code: "http_413" });
});

it("tries again what heals by itself, and says that it waits", async () => {
  const onWaiting = vi.fn();
  const { tus } = await begin({ onWaiting });
  const again = (status: number, code = "x") =>
    tus.options.onShouldRetry(refused(status, `{"code":"${code}","title":"t"}`));
  expect([again(503), again(423), again(409, "upload_offset_differs")]).toEqual([true, true, true]);
  expect(tus.options.onShouldRetry(new Error("no network"))).toBe(true);
  expect(onWaiting).toHaveBeenCalledTimes(4);
  expect([again(409, "quota_exceeded"), again(413), again(422)]).toEqual([false, false, false]);
});

it("goes on at once when the network is back", async () => {
  const { tus } = await begin();
  online.dispatchEvent(new Event("online"));
  await vi.waitFor(() => expect(tus.start).toHaveBeenCalledTimes(2));
  expect(tus.abort).toHaveBeenCalledWith(false);
});

it("keeps what arrived when paused, and gives it up when cancelled", async () => {
  const { upload, tus } = await begin();
  upload.pause();
  expect(tus.abort).toHaveBeenLastCalledWith(false);
  upload.resume();
  await vi.waitFor(() => expect(tus.start).toHaveBeenCalledTimes(2));
  upload.cancel();
  expect(tus.abort).toHaveBeenLastCalledWith(true);
  await expect(upload.finished).rejects.toMatchObject({ name: "AbortError" });
});

it("does not begin when it was paused before its client was there", async () => {
  const upload = startUpload({ companyId: "c1", purpose: "image", file });
  upload.pause();
  await vi.waitFor(() => expect(Tus.last).toBeDefined());
  await new Promise((resolve) => setTimeout(resolve));
  expect(Tus.last.start).not.toHaveBeenCalled();
});
