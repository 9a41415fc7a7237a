"""What may be told: to whom, how urgently, where it leads.

A row here, its name in `app/core/notices.py`, its words in `words.py`, and the name in the panel's
`notifications.json` are all a new kind takes.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.companies.roles import EDITOR, OWNER
from app.notifications.models import Preference


class Severity(enum.StrEnum):
    """`info` may wait for the digest; the others are mailed at once."""

    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"


# The kind a digest has in the log of what was sent and in the links that end it; nobody notifies of it.
DIGEST: Final = "digest"
OPERATORS: Final = frozenset[str]()
_OWNERS: Final = frozenset({OWNER})
_MAKERS: Final = frozenset({OWNER, EDITOR})


@dataclass(frozen=True, slots=True)
class KindSpec:
    """`roles` are those of the company who are told; none means the operators of the installation.

    An essential kind is mailed whatever a person chose. `has_own_mail`: another part of the service writes
    the mail. Without `mails_by_itself` mail and chats are for who
    asks for them. `path` is the panel's page, with `{slug}` and `{subject}`.
    """

    severity: Severity
    roles: frozenset[str]
    path: str
    is_essential: bool = False
    has_own_mail: bool = False
    mails_by_itself: bool = True


KINDS: Final[Mapping[str, KindSpec]] = {
    "content.expiring": KindSpec(Severity.WARNING, _MAKERS, "c/{slug}/contents/{subject}"),
    "content.expired": KindSpec(Severity.WARNING, _MAKERS, "c/{slug}/contents/{subject}"),
    "target.failed": KindSpec(Severity.INFO, _MAKERS, "c/{slug}/contents/{subject}"),
    "video.failed": KindSpec(Severity.INFO, _MAKERS, "c/{slug}/contents/{subject}"),
    "video.ready": KindSpec(
        Severity.INFO, _MAKERS, "c/{slug}/contents/{subject}", mails_by_itself=False
    ),
    "storage.failing": KindSpec(
        Severity.URGENT, _OWNERS, "c/{slug}/settings/storage", is_essential=True
    ),
    "storage.moved": KindSpec(Severity.INFO, _OWNERS, "c/{slug}/settings/storage"),
    "job.dead": KindSpec(Severity.WARNING, OPERATORS, "operator/jobs"),
    "quota.warning": KindSpec(
        Severity.WARNING, _OWNERS, "c/{slug}/settings/usage", is_essential=True, has_own_mail=True
    ),
    "domain.lost": KindSpec(
        Severity.URGENT, _OWNERS, "c/{slug}/settings/general", is_essential=True
    ),
    "webhook.disabled": KindSpec(
        Severity.URGENT, _OWNERS, "c/{slug}/settings/webhooks", is_essential=True
    ),
}


def wants_mail(kind: str, preference: Preference | None) -> bool:
    """Whether the person gets mail of this kind; what is essential is not asked about."""
    spec = KINDS[kind]
    if spec.is_essential:
        return True
    chosen = preference.choices.get(kind, {}) if preference else {}
    return bool(chosen.get("email", spec.mails_by_itself))


def in_digest() -> list[str]:
    """The kinds that wait for the digest and can be refused."""
    return [
        name
        for name, spec in KINDS.items()
        if spec.severity is Severity.INFO and not spec.is_essential
    ]


def path_of(kind: str, *, slug: str, subject_id: UUID | None, data: Mapping[str, Any]) -> str:
    """The panel's page a notice leads to; `content_id` in the data names it where the subject does not."""
    subject = data.get("content_id") or subject_id or ""
    path = KINDS[kind].path.format(slug=slug, subject=subject)
    return path.removesuffix("/")
