import { expect, it } from "vitest";
import { companyStartUrl } from "./company-start-url";

it("leads to the company's provider, and back to where the session had ended", () => {
  expect(companyStartUrl("vertex-ar", undefined)).toBe("/api/v1/auth/oidc/vertex-ar/start");
  expect(companyStartUrl("vertex-ar", "/c/vertex-ar?q=a&b")).toBe(
    "/api/v1/auth/oidc/vertex-ar/start?return_to=%2Fc%2Fvertex-ar%3Fq%3Da%26b",
  );
});
