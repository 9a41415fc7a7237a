"""What happened, to whom, by whom: the audit log, and the source notifications will follow."""

from app.events.changes import changes_of
from app.events.service import follow, record

__all__ = ["changes_of", "follow", "record"]
