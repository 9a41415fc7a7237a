import { describe, expect, it } from "vitest";
import { creationOf, isComplete, NO_WORDS, updateOf, wordsOf } from "./bucket-words";

const TYPED = {
  ...NO_WORDS,
  name: " Our bucket ",
  endpoint: "s3.example.com/",
  bucket: "photos",
  keyId: "AKIA",
  secret: "very-secret",
};

describe("the form of a bucket", () => {
  it("takes an address as people paste it", () => {
    expect(creationOf(TYPED)).toMatchObject({
      name: "Our bucket",
      kind: "s3",
      s3: { endpoint: "https://s3.example.com", delivery: "direct", public_endpoint: "" },
    });
    expect(creationOf({ ...TYPED, endpoint: "http://minio:9000" }).s3.endpoint).toBe(
      "http://minio:9000",
    );
  });

  it("asks for the secret once, and sends it only when it was typed again", () => {
    const place = creationOf(TYPED).s3;
    const again = wordsOf("Our bucket", place);
    expect(isComplete({ ...TYPED, secret: "" }, true)).toBe(false);
    expect(isComplete(again, false)).toBe(true);
    expect(updateOf(again).s3).not.toHaveProperty("secret_access_key");
    expect(updateOf({ ...again, secret: "new-secret" }).s3?.secret_access_key).toBe("new-secret");
  });

  it("is not complete without a bucket", () => {
    expect(isComplete({ ...TYPED, bucket: "  " }, true)).toBe(false);
  });
});
