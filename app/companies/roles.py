"""What each role of a company may do, and what an API key may be allowed."""

from typing import Final

READ: Final = "read"
WRITE_PROJECTS: Final = "projects.write"
WRITE_CONTENTS: Final = "contents.write"
PUBLISH: Final = "contents.publish"
MANAGE_COMPANY: Final = "company.manage"
MANAGE_MEMBERS: Final = "members.manage"
MANAGE_KEYS: Final = "keys.manage"
MANAGE_STORAGE: Final = "storage.manage"
READ_AUDIT: Final = "audit.read"
EXPORT: Final = "company.export"
DELETE_COMPANY: Final = "company.delete"

OWNER: Final = "owner"
EDITOR: Final = "editor"
VIEWER: Final = "viewer"
# Not a role of a company: the operator, who may in each what its owner may.
SUPERADMIN: Final = "superadmin"

_VIEWER_MAY = frozenset({READ})
_EDITOR_MAY = _VIEWER_MAY | {WRITE_PROJECTS, WRITE_CONTENTS, PUBLISH}
_OWNER_MAY = _EDITOR_MAY | {
    MANAGE_COMPANY,
    MANAGE_MEMBERS,
    MANAGE_KEYS,
    MANAGE_STORAGE,
    READ_AUDIT,
    EXPORT,
    DELETE_COMPANY,
}

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    VIEWER: _VIEWER_MAY,
    EDITOR: _EDITOR_MAY,
    OWNER: _OWNER_MAY,
}

# Who holds these could give themselves anything else, or end the company: only people do, never a key.
PEOPLE_ONLY: Final = frozenset({MANAGE_MEMBERS, MANAGE_KEYS, DELETE_COMPANY})
KEY_SCOPES: Final = _OWNER_MAY - PEOPLE_ONLY
