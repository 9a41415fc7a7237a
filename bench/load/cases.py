"""What is asked of ARV, and what is asked beside it in the same run."""

import json
from dataclasses import dataclass
from typing import Final

from bench.load.place import Place
from bench.load.wrk import Asked

RANGE: Final = {"Range": "bytes=1000000-1262143"}


@dataclass(frozen=True, slots=True)
class Beside:
    """A thing to compare with. `aim`: at least this share of its requests per core is wanted."""

    name: str
    asked: Asked
    aim: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request, and whom it is compared with."""

    name: str
    asked: Asked
    beside: tuple[Beside, ...]


def cases(place: Place) -> list[Case]:
    """All of them, viewers first."""
    return [*_viewing(place), *_working(place), *_files(place)]


def _viewing(place: Place) -> list[Case]:
    """Who is signed in is never given a kept page (nginx/include/cached.conf)."""
    static = Asked(f"{place.static}/page.html")
    route = Beside("bare FastAPI route", Asked(f"{place.bare}/route"))
    page, manifest = f"/ar/{place.public_id}", f"/api/v1/viewer/{place.public_id}/manifest"
    return [
        Case(
            "viewer page, nginx",
            Asked(f"{place.edge}{page}"),
            (Beside("nginx, static file of its size", static, aim=0.6),),
        ),
        Case(
            "viewer page, nginx, uncached",
            Asked(f"{place.edge}{page}", {"Cookie": place.cookie}),
            (),
        ),
        Case("viewer page, API, uncached", Asked(f"{place.api}{page}"), (route,)),
        Case("manifest, nginx", Asked(f"{place.edge}{manifest}"), ()),
        Case("manifest, API, uncached", Asked(f"{place.api}{manifest}"), (route,)),
    ]


def _working(place: Place) -> list[Case]:
    headers = {"Cookie": place.cookie}
    ids, at = place.seeded.ids, f"{place.api}{place.company}"
    new = Asked(
        f"{at}/projects",
        headers | {"Content-Type": "application/json"},
        "POST",
        json.dumps({"name": "Spring 2027"}),
    )
    return [
        Case(
            "read one content",
            Asked(f"{at}/contents/{ids['content_id']}", headers),
            (Beside("uvicorn + asyncpg, same rows", Asked(f"{place.bare}/one"), aim=0.5),),
        ),
        Case(
            "list 50 of 10,000 contents",
            Asked(f"{at}/contents", headers),
            (Beside("uvicorn + asyncpg, same rows", Asked(f"{place.bare}/list"), aim=0.5),),
        ),
        Case(
            "create a project",
            new,
            (Beside("uvicorn + asyncpg, INSERT", Asked(f"{place.bare}/insert")),),
        ),
    ]


def _files(place: Place) -> list[Case]:
    return [
        Case(
            "video, 256 KiB of 4 MB, signed",
            Asked(f"{place.edge}{place.video}", RANGE),
            (Beside("nginx, static", Asked(f"{place.static}/video.mp4", RANGE), aim=0.8),),
        )
    ]


def crowd(place: Place, viewers: int) -> list[Case]:
    """That many viewers at once: opening the page, and fetching a part of the video."""
    page = f"{place.edge}/ar/{place.public_id}"
    return [
        Case(f"{viewers:,} open the page", Asked(page, connections=viewers), ()),
        Case(
            f"{viewers:,} fetch 256 KiB of video",
            Asked(f"{place.edge}{place.video}", RANGE, connections=viewers),
            (),
        ),
    ]
