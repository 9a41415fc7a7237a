"""Why a picture or a video is refused, in words that say what to do.

UnsupportedMediaType
├── ImageTypeRefused   415 image_type_refused
└── VideoTypeRefused   415 video_type_refused
Invalid
├── FileEmpty          422 file_empty
├── ImageTooLarge      422 image_too_large       more pixels than allowed, read from the header
├── ImageBroken        422 image_broken
├── VideoBroken        422 video_broken
├── VideoEmpty         422 video_empty
├── VideoTooLarge      422 video_too_large
├── VideoTooLong       422 video_too_long
└── VideoTooSlow       422 video_too_slow        its conversion took more time than it may
"""

from app.core.errors import Invalid, UnsupportedMediaType


class ImageTypeRefused(UnsupportedMediaType):
    code = "image_type_refused"
    title = "This kind of picture is not accepted"


class VideoTypeRefused(UnsupportedMediaType):
    code = "video_type_refused"
    title = "This kind of video is not accepted"


class FileEmpty(Invalid):
    code = "file_empty"
    title = "The file is empty"


class ImageTooLarge(Invalid):
    code = "image_too_large"
    title = "The picture has too many pixels"


class ImageBroken(Invalid):
    code = "image_broken"
    title = "The picture can not be read"


class VideoBroken(Invalid):
    code = "video_broken"
    title = "The video can not be read"


class VideoEmpty(Invalid):
    code = "video_empty"
    title = "There is nothing to play in the video"


class VideoTooLarge(Invalid):
    code = "video_too_large"
    title = "The video is too large"


class VideoTooLong(Invalid):
    code = "video_too_long"
    title = "The video is too long to be converted"


class VideoTooSlow(Invalid):
    code = "video_too_slow"
    title = "Converting the video took too long"
