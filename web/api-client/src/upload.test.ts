import { beforeEach, expect, it, vi } from "vitest";
import { startUpload } from "./upload";

/** Stands in for the browser's XMLHttpRequest, which Node has not. */
class Wire {
  static last: Wire;
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  url = "";
  sent: unknown;
  headers: Record<string, string> = {};
  constructor() {
    Wire.last = this;
  }
  open(_method: string, url: string) {
    this.url = url;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send(body: unknown) {
    this.sent = body;
  }
  abort() {
    this.onabort?.();
  }
  reply(status: number, body: string) {
    this.status = status;
    this.responseText = body;
    this.onload?.();
  }
}

beforeEach(() => void vi.stubGlobal("XMLHttpRequest", Wire));

const file = new File(["0123456789"], "Tanz & Kuß.jpg", { type: "image/jpeg" });
const start = (onProgress?: (sent: number, total: number) => void) =>
  startUpload({ companyId: "c1", purpose: "image", file, onProgress });

it("sends the file as it is, named in the address", async () => {
  const { finished } = start();
  expect(Wire.last.url).toBe(
    "/api/v1/companies/c1/uploads?purpose=image&filename=Tanz+%26+Ku%C3%9F.jpg",
  );
  expect(Wire.last.sent).toBe(file);
  expect(Wire.last.headers["Content-Type"]).toBe("image/jpeg");
  Wire.last.reply(201, '{"id":"u1"}');
  expect(await finished).toEqual({ id: "u1" });
});

it("says how much has left", () => {
  const onProgress = vi.fn();
  start(onProgress);
  Wire.last.upload.onprogress?.({ loaded: 4 });
  expect(onProgress).toHaveBeenCalledWith(4, 10);
});

it("fails with the server's problem", async () => {
  const { finished } = start();
  Wire.last.reply(415, '{"code":"image_type_refused","title":"No","status":415}');
  await expect(finished).rejects.toMatchObject({ status: 415, code: "image_type_refused" });
});

it("fails with a problem when the line breaks, or a proxy answers", async () => {
  const broken = start();
  Wire.last.onerror?.();
  await expect(broken.finished).rejects.toMatchObject({ status: 0, code: "unreachable" });
  const proxied = start();
  Wire.last.reply(413, "<html>too large</html>");
  await expect(proxied.finished).rejects.toMatchObject({ status: 413, code: "http_413" });
});

it("stops when asked", async () => {
  const { finished, cancel } = start();
  cancel();
  await expect(finished).rejects.toMatchObject({ name: "AbortError" });
});
