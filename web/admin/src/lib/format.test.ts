import { expect, it } from "vitest";
import { formatBytes, formatDuration } from "./format";

it("gives sizes in the unit a person would use", () => {
  expect(formatBytes(0, "en")).toBe("0 bytes");
  expect(formatBytes(32_400, "en")).toBe("32 kB");
  expect(formatBytes(18_400_000, "en")).toBe("18.4 MB");
  expect(formatBytes(18_400_000, "ru")).toBe("18,4 МБ");
  expect(formatBytes(2_100_000_000_000, "en")).toBe("2,100 GB");
});

it("gives lengths as players do", () => {
  expect(formatDuration(7.4)).toBe("0:07");
  expect(formatDuration(750)).toBe("12:30");
});
