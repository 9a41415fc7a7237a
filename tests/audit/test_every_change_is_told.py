"""Every route that changes something leaves an event with who did it, and updates with before and after.

The routes come from the OpenAPI document, how to ask them from the isolation matrix's table: a new route
is asked here by itself, and fails until its service records an event or it is named below with the reason.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from fastapi import FastAPI
from sqlalchemy import event

from app.core.config import CHECKOUT
from app.events.models import Event
from tests.flows.access_matrix import Route, routes_of
from tests.flows.access_world import World, make_world, nothing_lasts
from tests.support import media, people
from tests.support.contents import make_published

CHANGING: Final = ("post", "put", "patch", "delete")

# Routes that change nothing anybody would ask about later.
EXEMPT: Final = {
    "preview_invitation": "shows an invitation; a POST only to keep its token out of addresses",
    "check_import": "a dry run: it reads the table and keeps nothing",
    "preview_rules": "says what rules would do that nobody has saved",
    "preview_days_of_rules": "says what rules would do that nobody has saved",
    "begin_resumable_upload": "nothing is kept yet; upload.received tells of a file that arrived",
    "continue_resumable_upload": "a piece; upload.received tells of the whole file",
    "cancel_resumable_upload": "nothing was kept",
    "cancel_direct_upload": "nothing was kept",
    "read_notification": "what a person has read is their own affair",
    "read_all_notifications": "what a person has read is their own affair",
    "test_notification_channel": "a test; the delivery log keeps it",
    "ping_webhook": "a test; nothing happened",
    "confirm": "asked with a wrong password by the matrix; its event is session.confirmed",
}
# The matrix's world has nothing these could succeed with: `STEPS` makes it first, and asks for real.
IN_STEPS: Final = frozenset(
    {
        "change_password",
        "create_upload",
        "delete_project",
        "delete_video",
        "end_session",
        "publish_content",
        "remove_chroma_key",
        "remove_domain",
        "remove_logo",
        "reorder_videos",
        "replace_logo",
        "restore_content",
        "restore_project",
        "sign_in",
    }
)
# Neither can these: a code from an app, a token from a mail, a name server, an erasure. Their services'
# tests ask them; here it is only held to that the event is recorded somewhere in the service.
ELSEWHERE: Final = {
    "answer_second_factor": "session.opened",
    "create_backup": "backup.ordered",
    "verify_backup": "backup.check_ordered",
    "reset_password": "user.password_reset",
    "confirm_two_factor": "two_factor.enabled",
    "disable_two_factor": "two_factor.disabled",
    "renew_recovery_codes": "two_factor.recovery_codes_renewed",
    "remove_two_factor": "two_factor.disabled",
    "request_password_reset": "user.password_reset_asked",
    "confirm_email_change": "user.email_changed",
    "restore_company": "company.restored",
    "erase_company": "erasure.begun",
    "accept_invitation": "invitation.accepted",
    "verify_domain": "domain.",
    "retry_target": "target.retried",
    "retry_video": "video.retried",
    "unsubscribe": "user.notifications_chosen",
    "unsubscribe_by_one_click": "user.notifications_chosen",
    "link_notification_channel": "notification_channel.linked",
    "resend_notification": "notification.resent",
    "replay_webhook": "webhook.replayed",
    "replay_webhook_delivery": "webhook.replayed",
    "put_identity_provider": "identity_provider.set",
    "complete_resumable_upload": "upload.received",
    "begin_direct_upload": "upload.received",
    "complete_direct_upload": "upload.received",
    # These want a second storage that answers, or a move that is under way.
    "activate_storage_connection": "storage.connection_activated",
    "restore_storage_connection": "storage.connection_",
    "begin_yandex_consent": "storage.account_connected",
    "start_storage_move": "storage.move_started",
    "pause_storage_move": "storage.move_paused",
    "clean_up_storage_move": "storage.clean_up_ordered",
    "start_storage_check": "storage.check_started",
}
# Updates whose before and after are files or lists told in `data`.
WITHOUT_CHANGES: Final = {
    "replace_logo": "a picture",
    "reorder_videos": "the order is in `data`",
    "set_domain": "a new domain is a new row, told in `data`",
    "put_identity_provider": "may be the first one",
}


LEFT_OUT: Final = EXEMPT.keys() | IN_STEPS | ELSEWHERE.keys()


@contextmanager
def events_made() -> Iterator[list[Event]]:
    """The events that come into being inside the block, kept or not."""
    made: list[Event] = []

    def note(target: Event, _args: Any, values: dict[str, Any]) -> None:
        made.append(Event.__new__(Event))
        made[-1].__dict__.update(values)

    event.listen(Event, "init", note)
    try:
        yield made
    finally:
        event.remove(Event, "init", note)


def client_for(route: Route, world: World) -> httpx.AsyncClient:
    return world.people["superadmin" if route.rule.reach == "operator" else "owner"]


async def test_every_change_is_told(app: FastAPI, tmp_path: Path) -> None:
    """Each changing route, asked by somebody who may: an event, its actor, and what an update changed."""
    world = await make_world(app, tmp_path)
    faults: list[str] = []

    async with nothing_lasts():
        for route in routes_of(app):
            if route.method in CHANGING and route.name not in LEFT_OUT:
                faults += await faults_of(route, world)

    assert not faults, f"{len(faults)} routes\n" + "\n".join(faults)


async def faults_of(route: Route, world: World) -> list[str]:
    with events_made() as made:
        answer = await route.ask(client_for(route, world), world.own)
        if answer.status_code == 403:  # an operator's, below a company
            answer = await route.ask(world.people["superadmin"], world.own)
    if not answer.is_success:
        return [
            f"{route.name}: answered {answer.status_code}, so nothing is proved: {answer.text[:200]}"
        ]
    if not made:
        return [f"{route.name}: left no event"]
    faults = []
    if not all(each.__dict__.get("actor_id") for each in made):
        faults.append(f"{route.name}: {made[0].__dict__.get('name')} does not tell who")
    is_update = route.method in ("patch", "put") and route.name not in WITHOUT_CHANGES
    if is_update and not any(each.__dict__.get("changes") for each in made):
        faults.append(f"{route.name}: {made[0].__dict__.get('name')} tells no before and after")
    return faults


async def test_a_change_that_needs_another_first_is_told(app: FastAPI, tmp_path: Path) -> None:
    """One after the other, for real: each leaves an event of the person who asked."""
    owner = await people.make_member(app)
    content = await make_published(owner, tmp_path)
    faults = []
    for name, method, path, sent in steps(owner, content, tmp_path):
        with events_made() as made:
            answer = await owner.client.request(method, path, **sent)
        if not answer.is_success:
            faults.append(f"{name}: answered {answer.status_code}: {answer.text[:200]}")
        elif owner.user_id not in [each.__dict__.get("actor_id") for each in made]:
            faults.append(f"{name}: left no event of the person")

    assert not faults, f"{len(faults)} steps\n" + "\n".join(faults)


Step = tuple[str, str, str, dict[str, Any]]


def steps(owner: people.Member, content: dict[str, Any], folder: Path) -> Iterator[Step]:
    """What is asked, in this order; the names with a `-` prepare for the next."""
    one = owner.path(f"/contents/{content['id']}")
    project = owner.path(f"/projects/{content['project_id']}")
    logo = owner.path("/look/logo")
    domain = owner.path("/domain")
    yield from _of_contents(one, content)
    yield "- archive", "POST", f"{project}/archive", {}
    yield "restore_project", "POST", f"{project}/restore", {}
    yield "- delete content", "DELETE", one, {}
    yield "delete_project", "DELETE", project, {}
    yield "replace_logo", "PUT", logo, {"content": media.photo(64, 64)}
    yield "remove_logo", "DELETE", logo, {}
    yield "- set domain", "PUT", domain, {"json": {"hostname": "print.example.com"}}
    yield "remove_domain", "DELETE", domain, {}
    picture = {"params": {"purpose": "image", "filename": "a"}, "content": media.photo(64, 64)}
    yield "create_upload", "POST", owner.path("/uploads"), picture
    word = {"email": owner.email, "password": people.PASSWORD}
    yield "sign_in", "POST", "/api/v1/auth/sign-in", {"json": word}
    change = {"current_password": people.PASSWORD, "new_password": "another horse battery"}
    yield "change_password", "POST", "/api/v1/auth/password", {"json": change}


def _of_contents(one: str, content: dict[str, Any]) -> Iterator[Step]:
    video = content["videos"][0]["id"]
    yield "- unpublish", "POST", f"{one}/unpublish", {}
    yield "publish_content", "POST", f"{one}/publish", {}
    yield "- unpublish", "POST", f"{one}/unpublish", {}
    yield "- key", "POST", f"{one}/videos/{video}/chroma-key", {"json": {"color": "#00B140"}}
    yield "remove_chroma_key", "DELETE", f"{one}/videos/{video}/chroma-key", {}
    yield "delete_video", "DELETE", f"{one}/videos/{video}", {}
    yield "- archive", "POST", f"{one}/archive", {}
    yield "restore_content", "POST", f"{one}/restore", {}


def test_the_exemptions_name_real_routes(app: FastAPI) -> None:
    """A route that is gone leaves the lists; a route is in one of them only."""
    names = {route.name for route in routes_of(app)}
    named = [*EXEMPT, *IN_STEPS, *ELSEWHERE]

    assert set() == {*named, *WITHOUT_CHANGES} - names
    assert len(named) == len(set(named))


def test_what_can_not_be_asked_here_is_recorded() -> None:
    """The event named is recorded by some service."""
    sources = [file.read_text() for file in (CHECKOUT / "app").rglob("*.py")]
    missing = {
        name: event_name
        for name, event_name in ELSEWHERE.items()
        if not any(f'"{event_name}' in source for source in sources)
    }

    assert {} == missing
