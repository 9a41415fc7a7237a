"""What can happen to a file on its way.

Conflict
├── OffsetDiffers      409 upload_offset_differs   ask for the offset (HEAD) and go on from there
└── UploadIncomplete   409 upload_incomplete       not every byte has arrived
ArvError
├── UploadBusy         423 upload_busy             another request is writing or checking it
├── ChecksumDiffers    460 checksum_differs        the bytes are not those that were sent
├── ChecksumUnknown    400 checksum_unknown        no algorithm of ours, or not written as tus says
└── TusVersionUnknown  412 tus_version_unknown
Gone
├── UploadExpired      410 upload_expired
└── UploadLost         410 upload_lost             its bytes are not on this machine's disk (any more)
Unavailable
└── UploadStalled      503 upload_stalled          nothing came for a while; resume
TooManyRequests
└── TooManyUploads     429 too_many_uploads
"""

from typing import Any

from app.core.errors import ArvError, Conflict, Gone, TooManyRequests, Unavailable


class OffsetDiffers(Conflict):
    code = "upload_offset_differs"
    title = "The upload is not at this offset"


class UploadIncomplete(Conflict):
    code = "upload_incomplete"
    title = "The file has not arrived whole"


class UploadBusy(ArvError):
    status = 423
    code = "upload_busy"
    title = "Another request is at work on this upload"

    def __init__(self) -> None:
        super().__init__("Ask for the offset again in a second.", headers={"Retry-After": "1"})


class ChecksumDiffers(ArvError):
    """460 is the status that the tus protocol gives it."""

    status = 460
    code = "checksum_differs"
    title = "The bytes changed on their way"


class ChecksumUnknown(ArvError):
    status = 400
    code = "checksum_unknown"
    title = "The checksum can not be compared"


class TusVersionUnknown(ArvError):
    status = 412
    code = "tus_version_unknown"
    title = "Not a version of tus spoken here"

    def __init__(self, version: str) -> None:
        super().__init__(
            f"Send “Tus-Resumable: {version}” with every request.", headers={"Tus-Version": version}
        )


class UploadExpired(Gone):
    code = "upload_expired"
    title = "The upload was left for too long"


class UploadLost(Gone):
    code = "upload_lost"
    title = "The bytes of the upload are gone"


class UploadStalled(Unavailable):
    code = "upload_stalled"
    title = "Nothing arrived for a while"


class TooManyUploads(TooManyRequests):
    code = "too_many_uploads"
    title = "Too many uploads at once"


def refused_before(problem: dict[str, Any]) -> ArvError:
    """The error a file was refused with, for who asks again."""
    facts = {k: v for k, v in problem.items() if k not in ("status", "code", "title", "detail")}
    kind = type(
        "RefusedBefore",
        (ArvError,),
        {"status": problem["status"], "code": problem["code"], "title": problem["title"]},
    )
    error: ArvError = kind(problem["detail"], **facts)
    return error


def as_problem(error: ArvError) -> dict[str, Any]:
    """What `refused_before` needs to say it again."""
    told = {"status": error.status, "code": error.code, "title": error.title}
    return {**error.extra, **told, "detail": error.detail}
