"""The video of the moment, as the viewer page is told."""

from dataclasses import dataclass
from datetime import datetime

from app.ar_content.models import Video
from app.rotation.kinds import AtEnd, Reason, RotationKind
from app.rotation.plans import Plan
from app.rotation.rules import sequence_of as places_of
from app.storage.port import Storage
from app.viewer import schemas
from app.viewer.videos import manifest_video


@dataclass(frozen=True, slots=True)
class Choice:
    """What plays; where every view shows the next video, all of them, for the page to choose from."""

    video: Video
    valid_until: datetime | None
    sequence: tuple[Video, ...] = ()
    at_end: AtEnd = AtEnd.AGAIN


def choose(plan: Plan, now: datetime) -> Choice:
    """The choice at the moment. The content must have a video that plays."""
    showing = plan.showing_at(now)
    videos = {video.id: video for video in plan.found.videos}
    assert showing.video_id is not None, "a playable content has a video"
    video, until = videos[showing.video_id], plan.valid_until(showing, now)
    rotation = plan.schedule.rotation
    if (
        showing.reason is not Reason.ROTATION
        or rotation is None
        or rotation.kind is not RotationKind.VIEWS
    ):
        return Choice(video, until)
    places = places_of(rotation, plan.shown)
    sequence = tuple(videos[rotation.turns[place].video_id] for place in places)
    return Choice(video, until, sequence, rotation.at_end)


def sequence_of(choice: Choice, storage: Storage) -> schemas.ManifestSequence | None:
    """The sequence in the manifest; None where everybody sees the same video."""
    if not choice.sequence:
        return None
    return schemas.ManifestSequence(
        videos=[manifest_video(video, storage) for video in choice.sequence],
        at_end=choice.at_end.value,
    )
