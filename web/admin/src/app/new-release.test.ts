// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { reloadForNewRelease } from "./new-release";

afterEach(() => sessionStorage.clear());

test("a part that is gone reloads the page once, and a second failure is shown", () => {
  const target = new EventTarget();
  const reload = vi.fn();
  reloadForNewRelease(target, reload);
  const first = new Event("vite:preloadError", { cancelable: true });
  const second = new Event("vite:preloadError", { cancelable: true });
  target.dispatchEvent(first);
  target.dispatchEvent(second);
  expect(reload).toHaveBeenCalledTimes(1);
  expect([first.defaultPrevented, second.defaultPrevented]).toEqual([true, false]);
});
