"""A person at the panel of a running service: signs in, uploads, waits, publishes."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from tests.support.stack import RunningStack

NEW_PASSWORD = "a passphrase of my own"
READY_WITHIN_SECONDS = 60


class Panel:
    """Requests as the panel makes them, signed in as the admin, in the default company."""

    def __init__(self, stack: RunningStack) -> None:
        self.client = httpx.Client(base_url=stack.url, trust_env=False, timeout=60)
        self.base = f"/api/v1/companies/{self._sign_in(stack)}"

    def _sign_in(self, stack: RunningStack) -> str:
        """The default company's id; the one-time password is replaced the first time."""
        answer = self._try(stack.admin_email, NEW_PASSWORD)
        if answer.status_code != httpx.codes.OK:
            answer = self._try(stack.admin_email, stack.admin_password)
            change = {"current_password": stack.admin_password, "new_password": NEW_PASSWORD}
            self.expect(204, self.client.post("/api/v1/auth/password", json=change))
        company: dict[str, Any] = answer.json()["memberships"][0]["company"]
        return str(company["id"])

    def _try(self, email: str, password: str) -> httpx.Response:
        return self.client.post("/api/v1/auth/sign-in", json={"email": email, "password": password})

    @staticmethod
    def expect(status: int, answer: httpx.Response) -> Any:
        """The JSON of an answer that has to have this status."""
        assert status == answer.status_code, f"{answer.request.url}: {answer.text}"
        return answer.json() if answer.content else None

    def upload(self, content: bytes | Iterator[bytes], purpose: str = "image") -> httpx.Response:
        return self.client.post(
            f"{self.base}/uploads",
            params={"purpose": purpose, "filename": f"my {purpose}"},
            content=content,
        )

    def create_content(self, image: bytes, video: bytes | None = None) -> dict[str, Any]:
        """A content in a project of its own."""
        project = self.expect(
            201, self.client.post(f"{self.base}/projects", json={"name": "Album"})
        )
        body = {"title": "First dance"}
        body["image_upload_id"] = self.expect(201, self.upload(image))["id"]
        if video is not None:
            body["video_upload_id"] = self.expect(201, self.upload(video, "video"))["id"]
        path = f"{self.base}/projects/{project['id']}/contents"
        made: dict[str, Any] = self.expect(201, self.client.post(path, json=body))
        return made

    def content(self, content_id: str) -> dict[str, Any]:
        path = f"{self.base}/contents/{content_id}"
        found: dict[str, Any] = self.expect(200, self.client.get(path))
        return found

    def wait_for(
        self, content_id: str, is_so: Callable[[dict[str, Any]], bool], pause_seconds: float = 0.1
    ) -> dict[str, Any]:
        """The content as soon as its target is as asked for."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            content = self.content(content_id)
            if is_so(content["target"]):
                return content
            time.sleep(pause_seconds)
        raise AssertionError(f"the target never came so far: {self.content(content_id)['target']}")

    def wait_for_videos(self, content_id: str) -> dict[str, Any]:
        """The content as soon as all of its videos can be played."""
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            content = self.content(content_id)
            if all(video["url"] for video in content["videos"]):
                return content
            time.sleep(0.1)
        raise AssertionError(f"a video was never ready: {self.content(content_id)['videos']}")


def is_ready(target: dict[str, Any]) -> bool:
    return bool(target["status"] == "ready")


def is_over(target: dict[str, Any]) -> bool:
    return target["status"] in ("ready", "failed")
