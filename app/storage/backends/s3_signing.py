"""Addresses of S3 objects that carry a signature and end: AWS Signature Version 4, in the query.

The SDK can sign too, but only for the moment it is asked: each answer would differ, and no cache would hit.
Here the moment is an argument, so that all processes give the same address for some minutes.
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

ALGORITHM: Final = "AWS4-HMAC-SHA256"
UNSIGNED: Final = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs for one account in one region."""

    key_id: str
    secret: str
    region: str

    def presign(
        self,
        method: str,
        url: str,
        *,
        moment: datetime,
        seconds: int,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """The address with its signature, good for so many seconds from `moment` on.

        Whoever uses it must send `headers` exactly as they were signed.
        """
        parts = urlsplit(url)
        signed = {name.lower(): value.strip() for name, value in (headers or {}).items()}
        signed["host"] = parts.netloc
        stamp = moment.strftime("%Y%m%dT%H%M%SZ")
        scope = f"{stamp[:8]}/{self.region}/s3/aws4_request"
        names = ";".join(sorted(signed))
        asked = {
            "X-Amz-Algorithm": ALGORITHM,
            "X-Amz-Credential": f"{self.key_id}/{scope}",
            "X-Amz-Date": stamp,
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": names,
            **(query or {}),
        }
        canonical_query = "&".join(f"{_quoted(k)}={_quoted(v)}" for k, v in sorted(asked.items()))
        canonical_headers = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        request = (method, parts.path or "/", canonical_query, canonical_headers, names, UNSIGNED)
        digest = hashlib.sha256("\n".join(request).encode()).hexdigest()
        signature = self._key(stamp[:8], f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}")
        base = f"{parts.scheme}://{parts.netloc}{parts.path or '/'}"
        return f"{base}?{canonical_query}&X-Amz-Signature={signature}"

    def _key(self, day: str, text: str) -> str:
        key = f"AWS4{self.secret}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")
