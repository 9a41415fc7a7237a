"""A company's domain from outside."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def _hostname(value: str) -> str:
    """The name in lower-case ASCII (RFC 5890); at least two labels, the last one no number."""
    try:
        name = value.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        raise ValueError("this is not a hostname") from None
    labels = name.split(".")
    is_fine = (
        len(name) <= 240
        and len(labels) >= 2
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
        and labels[-1] not in ("localhost", "local", "internal", "invalid", "arpa")
    )
    if not is_fine:
        raise ValueError("use a full hostname such as prints.example.com")
    return name


Hostname = Annotated[
    str, StringConstraints(min_length=1, max_length=253), AfterValidator(_hostname)
]


class TxtRecord(BaseModel):
    """The record to add to the zone."""

    name: str
    value: str


class Domain(BaseModel):
    """The hostname a company's links use once it is verified; until then the installation's address."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "hostname": "prints.example.com",
                    "state": "pending",
                    "failure": "no_record",
                    "record": {
                        "name": "_arv-verification.prints.example.com",
                        "value": "arv-verification=6yJ0v3",
                    },
                    "checked_at": "2026-11-23T09:00:00Z",
                    "verified_at": None,
                }
            ]
        }
    )

    hostname: str
    state: Literal["pending", "verified", "failed"]
    failure: str | None
    record: TxtRecord
    checked_at: datetime | None
    verified_at: datetime | None


class DomainUpdate(BaseModel):
    """The hostname wanted."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"hostname": "prints.example.com"}]}
    )

    hostname: Hostname
