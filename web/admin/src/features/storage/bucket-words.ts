import type { S3Place, StorageConnectionCreate, StorageConnectionUpdate } from "@arv/api-client";

/** What is typed into the form of a bucket. */
export interface BucketWords {
  name: string;
  endpoint: string;
  region: string;
  bucket: string;
  prefix: string;
  pathStyle: boolean;
  throughArv: boolean;
  publicEndpoint: string;
  keyId: string;
  secret: string;
}

export const NO_WORDS: BucketWords = {
  name: "",
  endpoint: "",
  region: "us-east-1",
  bucket: "",
  prefix: "",
  pathStyle: true,
  throughArv: false,
  publicEndpoint: "",
  keyId: "",
  secret: "",
};

/** The form as a connection fills it; the secret is never known. */
export function wordsOf(name: string, place: S3Place | null | undefined): BucketWords {
  if (!place) return { ...NO_WORDS, name };
  return {
    name,
    endpoint: place.endpoint,
    region: place.region,
    bucket: place.bucket,
    prefix: place.prefix,
    pathStyle: place.path_style,
    throughArv: place.delivery === "through_arv",
    publicEndpoint: place.public_endpoint,
    keyId: place.access_key_id,
    secret: "",
  };
}

/** Whether there is enough to save; a new connection needs its secret. */
export function isComplete(words: BucketWords, needsSecret: boolean): boolean {
  const needed = [words.name, words.endpoint, words.region, words.bucket, words.keyId];
  return needed.every((word) => word.trim() !== "") && (!needsSecret || words.secret !== "");
}

export function creationOf(words: BucketWords): StorageConnectionCreate {
  const s3 = { ...placeOf(words), secret_access_key: words.secret };
  return { name: words.name.trim(), kind: "s3", s3 };
}

/** What a change sends: the secret only when a new one was typed. */
export function updateOf(words: BucketWords): StorageConnectionUpdate {
  const secret = words.secret ? { secret_access_key: words.secret } : {};
  return { name: words.name.trim(), s3: { ...placeOf(words), ...secret } };
}

function placeOf(words: BucketWords): S3Place {
  return {
    endpoint: withScheme(words.endpoint),
    region: words.region.trim(),
    bucket: words.bucket.trim(),
    prefix: words.prefix.trim(),
    path_style: words.pathStyle,
    delivery: words.throughArv ? "through_arv" : "direct",
    public_endpoint: words.publicEndpoint.trim() && withScheme(words.publicEndpoint),
    access_key_id: words.keyId.trim(),
  };
}

/** People paste `s3.example.com`. */
function withScheme(text: string): string {
  const address = text.trim().replace(/\/+$/, "");
  return /^https?:\/\//.test(address) ? address : `https://${address}`;
}
