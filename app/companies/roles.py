"""What each role of a company may do."""

from typing import Final

READ: Final = "read"
WRITE_PROJECTS: Final = "projects.write"
WRITE_CONTENTS: Final = "contents.write"
PUBLISH: Final = "contents.publish"
MANAGE_COMPANY: Final = "company.manage"

OWNER: Final = "owner"
EDITOR: Final = "editor"
VIEWER: Final = "viewer"

_VIEWER_MAY = frozenset({READ})
_EDITOR_MAY = _VIEWER_MAY | {WRITE_PROJECTS, WRITE_CONTENTS, PUBLISH}
_OWNER_MAY = _EDITOR_MAY | {MANAGE_COMPANY}

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    VIEWER: _VIEWER_MAY,
    EDITOR: _EDITOR_MAY,
    OWNER: _OWNER_MAY,
}
