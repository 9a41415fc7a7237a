"""What goes wrong with S3, in our words: which error, a stable code, and a sentence that says what to do."""

import re
from typing import Final

from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError

from app.core.outbound_gate import REFUSED_STATUS
from app.storage.port import FileMissing, StorageError, StorageRefused, StorageUnavailable

_CODE: Final = re.compile(r"<Code>(\w+)</Code>")
_STATUS: Final = re.compile(r"status code: (\d{3})")

# What people must mend: code of the service -> our code and words.
REFUSALS: Final = {
    "NoSuchBucket": ("bucket_missing", "There is no such bucket. Make it, or correct its name."),
    "InvalidBucketName": ("bucket_missing", "This is not the name of a bucket. Correct it."),
    "InvalidAccessKeyId": ("access_key_unknown", "The storage does not know this access key."),
    "SignatureDoesNotMatch": ("secret_wrong", "The secret key does not fit the access key."),
    "AccessDenied": ("access_denied", "The access key may not do this in the bucket."),
    "AllAccessDisabled": ("access_denied", "The storage has closed this bucket."),
    "RequestTimeTooSkewed": ("clock_wrong", "The clocks of this server and the storage differ."),
    "AuthorizationHeaderMalformed": ("region_wrong", "The bucket is in another region."),
    "PermanentRedirect": (
        "region_wrong",
        "The bucket is in another region, or at another endpoint.",
    ),
    "IllegalLocationConstraintException": ("region_wrong", "The bucket is in another region."),
}
FULL: Final = {"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "ServiceQuotaExceeded"}
DAMAGED: Final = {"BadDigest", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch"}
_UNREACHED: Final = "The endpoint was not reached. Check the address and port."
_DENIED: Final = REFUSALS["AccessDenied"]
_NOT_ALLOWED: Final = (PermissionDeniedError, UnauthenticatedError, PermissionError)
# What the HTTP client says when no answer came; looked for in this order.
_SILENCE: Final = (
    ("certificate", "certificate_wrong", "The certificate of the endpoint is not trusted here."),
    (
        "redirect",
        "region_wrong",
        "The endpoint leads elsewhere: check the region and the endpoint.",
    ),
    ("timed out", "storage_unavailable", "The storage did not answer in time. Try again."),
    ("dns error", "endpoint_unreachable", "There is no such host. Check the endpoint."),
    ("tunnel", "endpoint_unreachable", _UNREACHED),
    (
        "connect",
        "endpoint_unreachable",
        _UNREACHED,
    ),
)
_MUST_BE_MENDED: Final = {"certificate_wrong", "region_wrong"}


def error_of(error: Exception, key: str = "") -> StorageError:
    """What to raise instead of an error of the SDK."""
    text = str(error)
    code = found[1] if (found := _CODE.search(text)) else ""
    status = int(found[1]) if (found := _STATUS.search(text)) else 0
    if code in REFUSALS:
        ours, words = REFUSALS[code]
        return StorageRefused(words, code=ours)
    if isinstance(error, NotFoundError | FileNotFoundError) or code == "NoSuchKey":
        return FileMissing(key)
    if isinstance(error, _NOT_ALLOWED) or status in (401, 403):
        return StorageRefused(_DENIED[1], code=_DENIED[0])
    return _answered(code, status) if status else _silence(text.lower())


def _answered(code: str, status: int) -> StorageError:
    if code in FULL or status == 507:
        return StorageUnavailable("The storage is full: nothing was kept.", code="storage_full")
    if code in DAMAGED:
        words = "The bytes changed on their way. Try again."
        return StorageUnavailable(words, code="content_damaged")
    if status == REFUSED_STATUS:
        return StorageUnavailable(_UNREACHED, code="endpoint_unreachable")
    return StorageUnavailable(f"The storage answered {status}. Try again.")


def _silence(text: str) -> StorageError:
    for sign, code, words in _SILENCE:
        if sign in text:
            refused = code in _MUST_BE_MENDED
            return (
                StorageRefused(words, code=code)
                if refused
                else StorageUnavailable(words, code=code)
            )
    return StorageUnavailable("The storage did not answer. Try again.")


# All that the SDK raises; also Python's own for what the system says.
SDK_ERRORS: Final = (BaseError, OSError, TimeoutError)
