"""Telling people what happened: in the panel, by mail, in messengers.

await notifications.notify(
    session, "target.failed", company_id=..., subject_id=..., data={"title": ...}, once_key="..."
)
"""

from app.core.notices import notify

__all__ = ["notify"]
