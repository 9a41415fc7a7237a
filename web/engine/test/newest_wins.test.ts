import { describe, expect, it } from "vitest";
import { NewestWins } from "../src/newest_wins.js";

/** Work that ends when the test says so. */
function manualWork() {
  const started: string[] = [];
  const finish: (() => void)[] = [];
  const work = (item: string) =>
    new Promise<string>((resolve) => {
      started.push(item);
      finish.push(() => resolve(item.toUpperCase()));
    });
  return { started, finish, work };
}

describe("NewestWins", () => {
  it("works on one item at a time", async () => {
    const { started, finish, work } = manualWork();
    const queue = new NewestWins(work);
    const first = queue.offer("a");
    const second = queue.offer("b");
    expect(started).toEqual(["a"]);
    finish[0]?.();
    expect(await first).toBe("A");
    await Promise.resolve();
    expect(started).toEqual(["a", "b"]);
    finish[1]?.();
    expect(await second).toBe("B");
    expect(queue.busy).toBe(false);
  });

  it("replaces the item that waits by a newer one, and releases it", async () => {
    const { started, finish, work } = manualWork();
    const discarded: string[] = [];
    const queue = new NewestWins(work, (item) => discarded.push(item));
    const first = queue.offer("a");
    const stale = queue.offer("b");
    const newest = queue.offer("c");
    expect(await stale).toBeNull();
    expect(discarded).toEqual(["b"]);
    finish[0]?.();
    await first;
    await Promise.resolve();
    finish[1]?.();
    expect(await newest).toBe("C");
    expect(started).toEqual(["a", "c"]);
  });

  it("goes on after a failure", async () => {
    const queue = new NewestWins((item: string) =>
      item === "bad" ? Promise.reject(new Error("bad frame")) : Promise.resolve(item),
    );
    await expect(queue.offer("bad")).rejects.toThrow("bad frame");
    expect(await queue.offer("good")).toBe("good");
  });
});
