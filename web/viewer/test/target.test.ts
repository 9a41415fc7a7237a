import { expect, it, vi } from "vitest";
import { fetchTarget } from "../src/tracking/target.js";

const OLD = "/storage/c/markers/0a/0a1b2c.arvt?e=1&s=a";
const FRESH = "/storage/c/markers/0a/0a1b2c.arvt?e=2&s=b";
const MANIFEST = { target: { url: FRESH } };

/** A network where each address answers so; what is not named does not answer. */
function network(answers: Record<string, () => Response>) {
  return {
    now: () => 0,
    fetch: vi.fn(async (url: string) => {
      const answer = answers[url.split("?renewal")[0] ?? url];
      if (!answer) throw new TypeError("Failed to fetch");
      return answer();
    }),
  };
}

const manifest = () => Response.json(MANIFEST);

it("asks nobody else when the target comes", async () => {
  const around = network({ [OLD]: () => new Response("bytes") });

  const bytes = await fetchTarget(OLD, "42", around);

  expect(new TextDecoder().decode(bytes)).toBe("bytes");
  expect(around.fetch).toHaveBeenCalledOnce();
});

it.each([
  ["has ended", { [OLD]: () => new Response("", { status: 410 }) }],
  ["is refused by a bucket in a way no page may read", {}],
])("fetches the target from its new address when the old one %s", async (_, old) => {
  const around = network({
    ...old,
    [FRESH]: () => new Response("bytes"),
    "/api/v1/viewer/42/manifest": manifest,
  });

  const bytes = await fetchTarget(OLD, "42", around);

  expect(bytes.byteLength).toBe(5);
});

it("says that it was refused when no new address helps", async () => {
  const gone = () => new Response("", { status: 410 });

  const answer = fetchTarget(OLD, "42", network({ [OLD]: gone }));

  await expect(answer).rejects.toThrow("the target answered 410");
});

it("says that there is no network when nothing answers", async () => {
  await expect(fetchTarget(OLD, "42", network({}))).rejects.toThrow("did not arrive");
});
