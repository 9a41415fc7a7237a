"""`arv demo`: from the sample photo and clip to a living print, with the same requests as the panel's."""

import asyncio
import io
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import segno

from app.core.config import get_settings
from app.core.logging import configure_logging
from app.demo.access import Credentials, demo_member
from app.demo.client import ArvClient, DemoFailed, Json
from app.demo.media import SampleMedia, sample_media
from app.local.access import use_running_database
from app.local.console import StartRefused, bold, dim, say, step
from app.local.folders import DataFolder, default_data_folder

PROJECT = "Demo"
TITLE = "Lake of the long dusk"
_BAR = 24


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """Where to publish. Without `url` it is the ARV that runs on `folder`.

    `email` and `password` sign in as somebody; without them the demo makes itself a member, which
    only works on the machine whose data folder it can read.
    """

    folder: DataFolder | None = None
    url: str | None = None
    email: str | None = None
    password: str | None = None


def run_demo(options: DemoOptions) -> str:
    """Publish the sample print, show its link and QR code; the link. Raises `StartRefused`."""
    configure_logging("warning")
    folder = options.folder or default_data_folder()
    try:
        url, credentials = _service(folder, options)
        media = _make_media(folder.root / "demo")
        with ArvClient(url) as client:
            content = _publish(client, credentials, media)
    except DemoFailed as failure:
        raise StartRefused(str(failure)) from failure
    _show(content, media)
    return str(content["public_url"])


def _service(folder: DataFolder, options: DemoOptions) -> tuple[str, Credentials]:
    """The address of the service and what to sign in with."""
    if options.email and options.password:
        own = Credentials(options.email, options.password)
        if options.url:
            return options.url, own
        use_running_database(folder)
        return get_settings().web.public_url, own
    use_running_database(folder)
    return options.url or get_settings().web.public_url, asyncio.run(demo_member())


def _make_media(folder: Path) -> SampleMedia:
    with step("Sample print and clip") as current, _bar() as show:
        media = sample_media(folder, show)
        current.note(f"{media.photo.stat().st_size / 1e6:.1f} MB photo")
        current.note(f"{media.clip.stat().st_size / 1e6:.1f} MB clip")
    return media


def _publish(client: ArvClient, credentials: Credentials, media: SampleMedia) -> Json:
    with step("Signed in") as current:
        company = client.sign_in(credentials.email, credentials.password)
        current.note(str(company["name"]))
    project = client.project(PROJECT)
    content = client.content_called(project, TITLE)
    if content is None or content["target"]["status"] == "failed":
        content = _create(client, project, media)
    with step("Target") as current, _bar() as show:
        content = client.wait_for_target(content, show)
        target = content["target"]
        current.note(f"score {target['score']:.0f} of 100, {target['features']} features")
        current.note(f"{target['size_bytes'] / 1000:.0f} kB")
    with step("Published"):
        content = client.publish(content)
        client.sign_out()
    return content


def _create(client: ArvClient, project: Json, media: SampleMedia) -> Json:
    with step("Photo uploaded"), _bar() as show:
        image = client.upload(media.photo, "image", lambda part: show(part, "photo"))
    with step("Clip uploaded"), _bar() as show:
        video = client.upload(media.clip, "video", lambda part: show(part, "clip"))
    return client.create_content(project, title=TITLE, image=image, video=video)


def _show(content: Json, media: SampleMedia) -> None:
    link = str(content["public_url"])
    drawn = io.StringIO()
    with suppress(UnicodeEncodeError):
        segno.make(link, error="m").terminal(drawn, compact=True)
        drawn.getvalue().encode(sys.stdout.encoding or "utf-8")
        say()
        say(drawn.getvalue())
    say(f"  Open     {bold(link)}")
    say(f"  Point at {bold(str(media.photo))}")
    say(dim("           printed, or shown on another screen"))


class _Bar:
    """A progress bar on the line of the step under way; nothing when the output is not a terminal."""

    def __enter__(self) -> Callable[[float, str], None]:
        return self._show

    def __exit__(self, *_: object) -> None:
        return None

    def _show(self, part: float, stage: str) -> None:
        if not sys.stdout.isatty():
            return
        full = round(_BAR * min(max(part, 0.0), 1.0))
        bar = "█" * full + dim("░" * (_BAR - full))
        print(f"\r\x1b[K  … {stage:<20} {bar} {100 * part:3.0f} %", end="", flush=True)


def _bar() -> _Bar:
    return _Bar()
