"""Why something can not be done with a content."""

from app.core.errors import Conflict


class TargetNotReady(Conflict):
    code = "target_not_ready"
    title = "The target is not ready"


class NoVideo(Conflict):
    code = "no_video"
    title = "There is nothing to play"


class VideoNotReady(Conflict):
    code = "video_not_ready"
    title = "The video is not ready"


class VideoNotFailed(Conflict):
    code = "video_not_failed"
    title = "The video has not failed"


class VideoHasAlpha(Conflict):
    code = "video_has_alpha"
    title = "The video is transparent already"


class VideoNotKeyed(Conflict):
    code = "video_not_keyed"
    title = "The video has no colour keyed out"


class EndPassed(Conflict):
    code = "end_passed"
    title = "The content's time is over"


class LastVideo(Conflict):
    code = "last_video"
    title = "The last video of a published content stays"


class TargetNotFailed(Conflict):
    code = "target_not_failed"
    title = "The target has not failed"


class ContentArchived(Conflict):
    code = "content_archived"
    title = "The content is archived"


class ImportedAlready(Conflict):
    code = "imported_already"
    title = "This row was imported before"
