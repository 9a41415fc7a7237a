"""A video as the manifest tells it."""

from app.ar_content.models import Video
from app.storage.port import Storage
from app.viewer import schemas


def manifest_video(video: Video, storage: Storage) -> schemas.ManifestVideo:
    """The file that plays, and its renditions. The video must have one: `video.key`."""
    assert video.key is not None, "only what can be played is shown"
    return schemas.ManifestVideo(
        url=storage.public_url_for(video.key),
        media_type=video.media_type,
        width=video.width,
        height=video.height,
        duration_seconds=video.duration_seconds,
        has_audio=video.has_audio,
        poster_url=storage.public_url_for(video.poster_key) if video.poster_key else None,
        alpha="side_by_side" if video.alpha == "side_by_side" else "none",
        renditions=[
            schemas.ManifestRendition(
                url=storage.public_url_for(each["key"]),
                **{name: value for name, value in each.items() if name != "key"},
            )
            for each in video.renditions
        ],
    )
