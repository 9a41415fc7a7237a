"""The API as the demo speaks it: what the panel does in a browser, from Python."""

import os
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import httpx

from app.local.lan import CA_VARIABLE

Json = dict[str, Any]
_PIECE_BYTES = 256 * 1024
_POLL_SECONDS = 0.15
_TARGET_SECONDS = 180.0


class DemoFailed(Exception):
    """The flow can not go on; the text says why and what to do, in one line."""


class ArvClient:
    """A signed-in session with an ARV service. Every method raises `DemoFailed` when it is refused."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url.rstrip("/")
        # Our own service on our own machine: a proxy of the environment must not come between.
        self._http = httpx.Client(
            base_url=f"{self.url}/api/v1",
            timeout=60,
            trust_env=False,
            transport=transport,
            verify=ssl.create_default_context(cafile=os.environ.get(CA_VARIABLE)),
        )
        self._company_id = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def sign_in(self, email: str, password: str) -> Json:
        """Start a session and work in the first company; that company."""
        me = self._ask("POST", "/auth/sign-in", json={"email": email, "password": password})
        if not me["memberships"]:
            raise DemoFailed(f"{email} belongs to no company: ask for membership in one.")
        company: Json = me["memberships"][0]["company"]
        self._company_id = company["id"]
        return company

    def sign_out(self) -> None:
        """End the session."""
        self._ask("POST", "/auth/sign-out")

    def project(self, name: str) -> Json:
        """The company's project called `name`, made if there is none."""
        listed = self._ask("GET", self._path("/projects"), params={"q": name, "limit": 100})
        for project in listed["items"]:
            if project["name"] == name:
                return dict(project)
        return self._ask("POST", self._path("/projects"), json={"name": name})

    def content_called(self, project: Json, title: str) -> Json | None:
        """The newest content with this title in the project."""
        path = self._path(f"/projects/{project['id']}/contents")
        listed = self._ask("GET", path, params={"limit": 100})
        return next((dict(item) for item in listed["items"] if item["title"] == title), None)

    def upload(
        self, path: Path, purpose: str, progress: Callable[[float], None] = lambda part: None
    ) -> Json:
        """Send a file, piece by piece; the upload as the service understood it."""
        size = path.stat().st_size

        def pieces() -> Iterator[bytes]:
            sent = 0
            with path.open("rb") as file:
                while piece := file.read(_PIECE_BYTES):
                    yield piece
                    sent += len(piece)
                    progress(sent / size)

        return self._ask(
            "POST",
            self._path("/uploads"),
            params={"purpose": purpose, "filename": path.name},
            headers={"content-length": str(size), "content-type": "application/octet-stream"},
            content=pieces(),
        )

    def create_content(self, project: Json, *, title: str, image: Json, video: Json) -> Json:
        """A new content; its target is compiled in the background."""
        body = {"title": title, "image_upload_id": image["id"], "video_upload_id": video["id"]}
        return self._ask("POST", self._path(f"/projects/{project['id']}/contents"), json=body)

    def wait_for_target(
        self, content: Json, progress: Callable[[float, str], None] = lambda part, stage: None
    ) -> Json:
        """The content once its target is ready; a target that failed raises with its reason."""
        deadline = time.monotonic() + _TARGET_SECONDS
        while time.monotonic() < deadline:
            content = self._ask("GET", self._path(f"/contents/{content['id']}"))
            target = content["target"]
            if target["status"] == "ready":
                return content
            if target["status"] == "failed":
                raise DemoFailed(f"The target could not be made: {target['failure']['detail']}")
            progress(target["progress"], target["stage"] or target["status"])
            time.sleep(_POLL_SECONDS)
        raise DemoFailed(
            "The target is not ready after three minutes: does a worker run? (arv doctor)"
        )

    def publish(self, content: Json) -> Json:
        """The content, open to everybody who has its code."""
        return self._ask("POST", self._path(f"/contents/{content['id']}/publish"))

    def _path(self, path: str) -> str:
        return f"/companies/{self._company_id}{path}"

    def _ask(self, method: str, path: str, **options: Any) -> Json:
        try:
            answer = self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise DemoFailed(
                f"No ARV answers at {self.url} ({error}): start it with `arv up`."
            ) from error
        if answer.is_success:
            return dict(answer.json()) if answer.content else {}
        raise DemoFailed(f"{self.url} refused {method} {path}: {_reason(answer)}")


def _reason(answer: httpx.Response) -> str:
    """What a problem+json answer says, or the bare status."""
    try:
        problem = answer.json()
        return str(problem.get("detail") or problem.get("title") or answer.status_code)
    except ValueError:
        return f"status {answer.status_code}"
