"""What a storage connection looks like from outside: never its secrets."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from app.core.pagination import Page

_ID: Final = "0199f1f2-5e6f-7a1b-8c2d-3e4f5a6b7c8d"


class StorageKind(StrEnum):
    """Where the bytes are."""

    LOCAL = "local"
    S3 = "s3"
    YANDEX_DISK = "yandex_disk"


def _as_prefix(text: str) -> str:
    """`photos/2026/`: no slash at the beginning, one at the end."""
    cleaned = text.strip("/")
    return f"{cleaned}/" if cleaned else ""


Name = Annotated[str, Field(min_length=1, max_length=120)]
Endpoint = Annotated[str, Field(min_length=8, max_length=300, pattern=r"^https?://[^\s]+$")]
Region = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
Bucket = Annotated[str, Field(min_length=3, max_length=63, pattern=r"^[a-z0-9][a-z0-9.-]+$")]
Prefix = Annotated[
    str, Field(max_length=200, pattern=r"^[A-Za-z0-9_./-]*$"), AfterValidator(_as_prefix)
]
Delivery = Literal["direct", "through_arv"]
KeyId = Annotated[str, Field(min_length=3, max_length=128, pattern=r"^\S+$")]
SecretKey = Annotated[SecretStr, Field(min_length=8, max_length=256)]

_S3: Final[dict[str, Any]] = {
    "endpoint": "https://s3.eu-central-1.example.com",
    "region": "eu-central-1",
    "bucket": "north-light-arv",
    "prefix": "arv/",
    "path_style": False,
    "delivery": "direct",
    "public_endpoint": "",
    "access_key_id": "north-light-uploads",
}


class S3Place(BaseModel):
    """A bucket, and how to reach it.

    `direct`: phones get files from the bucket itself; `through_arv`: we stream them, for a bucket that
    phones do not reach. `public_endpoint` is where phones reach it, if not at `endpoint`.
    """

    model_config = ConfigDict(extra="forbid")

    endpoint: Endpoint
    region: Region = "us-east-1"
    bucket: Bucket
    prefix: Prefix = ""
    path_style: bool = True
    delivery: Delivery = "direct"
    public_endpoint: Endpoint | Literal[""] = ""
    access_key_id: KeyId


class S3Create(S3Place):
    """A bucket with the key that opens it."""

    secret_access_key: SecretKey


class S3Update(BaseModel):
    """What is to change; the secret stays unless a new one is given."""

    model_config = ConfigDict(extra="forbid")

    endpoint: Endpoint | None = None
    region: Region | None = None
    bucket: Bucket | None = None
    prefix: Prefix | None = None
    path_style: bool | None = None
    delivery: Delivery | None = None
    public_endpoint: Endpoint | Literal[""] | None = None
    access_key_id: KeyId | None = None
    secret_access_key: SecretKey | None = None


class StorageConnectionCreate(BaseModel):
    """A new place for the company's files; none goes there before it is made active, or moved to."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "Our bucket",
                    "kind": "s3",
                    "s3": {**_S3, "secret_access_key": "what-the-provider-showed-once"},
                }
            ]
        },
    )

    name: Name
    kind: Literal["s3"] = "s3"
    s3: S3Create


class StorageConnectionUpdate(BaseModel):
    """What is to change. While the company's files are there, bucket and prefix stay as they are."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Our bucket in Frankfurt"}]}
    )

    name: Name | None = None
    s3: S3Update | None = None


class LastTest(BaseModel):
    """How the last test went: `code` is empty when it works."""

    works: bool
    code: str = ""
    detail: str = ""


class StorageConnection(BaseModel):
    """A place for files; `is_shared` ones belong to the installation and serve every company.

    `is_default`: the company's files are there. `s3` is set for that kind; its secret is never shown.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _ID,
                    "name": "Our bucket",
                    "kind": "s3",
                    "s3": _S3,
                    "is_default": True,
                    "is_shared": False,
                    "has_secret": True,
                    "created_at": "2026-11-23T09:00:00Z",
                    "archived_at": None,
                    "last_tested_at": "2026-11-23T09:05:00Z",
                    "last_test": {"works": True, "code": "", "detail": ""},
                }
            ]
        }
    )

    id: UUID
    name: str
    kind: StorageKind
    s3: S3Place | None = None
    is_default: bool
    is_shared: bool
    has_secret: bool
    created_at: datetime
    archived_at: datetime | None
    last_tested_at: datetime | None
    last_test: LastTest | None


class StorageConnectionPage(Page[StorageConnection]):
    """One page of storage connections, newest first."""


class StorageTestStep(BaseModel):
    """One use of the storage: write, read, range, list, browser (for direct delivery), delete."""

    name: str
    works: bool
    milliseconds: float
    code: str
    detail: str


class StorageTest(BaseModel):
    """How each use of the storage went, up to the first that failed; `code` names what was wrong."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "works": False,
                    "code": "access_denied",
                    "detail": "The access key may not do this in the bucket.",
                    "milliseconds": 41.3,
                    "steps": [
                        {
                            "name": "write",
                            "works": False,
                            "milliseconds": 41.3,
                            "code": "access_denied",
                            "detail": "The access key may not do this in the bucket.",
                        }
                    ],
                }
            ]
        }
    )

    works: bool
    code: str
    detail: str
    milliseconds: float
    steps: list[StorageTestStep]
