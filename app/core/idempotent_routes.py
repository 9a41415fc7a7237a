"""How routes honour `Idempotency-Key`: every POST of a person or key, without a word in the route.

`honour_keys` turns a router's POST routes into `IdempotentRoute`s. The key is claimed when the actor and
the request's session are known, just before the route's function runs, and the answer is kept in that
session just after, before FastAPI lets it commit. A route that manages its transactions itself (an upload)
has no session to borrow: it asks for `AttemptDep` and keeps its answer in its own last transaction.
"""

import functools
import hashlib
import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import idempotency
from app.core.actor import Actor
from app.core.database import session_scope
from app.core.errors import Invalid
from app.core.idempotency import KeptAnswer
from app.core.openapi import problems

HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"
# A cookie set once is not set again, and an id belongs to one request.
KEPT_HEADERS: Final = ("content-type", "content-disposition", "etag", "location", "cache-control")


class Replayed(Exception):
    """The work was done before; ends the request with the answer of then."""

    def __init__(self, kept: KeptAnswer) -> None:
        super().__init__(kept.key)
        self.kept = kept

    def response(self) -> Response:
        headers = {str(k): str(v) for k, v in self.kept.headers.items()}
        body = idempotency.body_of(self.kept)
        return Response(body, self.kept.status, headers | {REPLAYED_HEADER: "true"})


@dataclass(slots=True)
class Attempt:
    """One request with a key: whose, and the session that its effect is made in."""

    key: str
    fingerprint: bytes
    owner: str | None = None
    session: AsyncSession | None = None

    async def begin(self, values: Iterable[object]) -> None:
        """Claim the key for the actor among the route's values; anonymous requests have no keys."""
        values = list(values)
        actor = next((found for value in values if (found := _actor_in(value))), None)
        if actor is None:
            return
        self.owner = _owner(actor)
        self.session = next((v for v in values if isinstance(v, AsyncSession)), None)
        if self.session is not None:
            await self.claim(self.session)

    async def claim(self, session: AsyncSession) -> None:
        """Go on in this transaction. Raises `Replayed`, or that another one is at it."""
        assert self.owner is not None, "a route that keeps its own answer has an actor"
        kept = await idempotency.claim(
            session, owner=self.owner, key=self.key, fingerprint=self.fingerprint
        )
        if kept is not None:
            raise Replayed(kept)

    async def keep(self, session: AsyncSession, response: Response) -> None:
        assert self.owner is not None, "a route that keeps its own answer has an actor"
        headers = {k: v for k, v in response.headers.items() if k in KEPT_HEADERS}
        await idempotency.keep(
            session,
            owner=self.owner,
            key=self.key,
            fingerprint=self.fingerprint,
            status=response.status_code,
            headers=headers,
            body=bytes(response.body),
        )


_current: ContextVar[Attempt | None] = ContextVar("attempt", default=None)


class OwnTransactions:
    """For a route whose work is not one transaction: look first, and keep the answer with the effect."""

    def __init__(self, attempt: Attempt | None) -> None:
        self._attempt = attempt

    async def replay(self) -> None:
        """Raises `Replayed` when the work was done before."""
        if self._attempt is not None:
            async with session_scope() as session:
                await self._attempt.claim(session)

    async def keep(
        self,
        session: AsyncSession,
        body: BaseModel,
        *,
        status: int,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the answer in the effect's transaction. Raises `Replayed` when another was quicker."""
        if self._attempt is not None:
            await self._attempt.claim(session)
            body_text = body.model_dump_json()
            answer = Response(body_text, status, headers, media_type="application/json")
            await self._attempt.keep(session, answer)


async def _own_transactions() -> OwnTransactions:
    return OwnTransactions(_current.get())


AttemptDep = Annotated[OwnTransactions, Depends(_own_transactions)]


class IdempotentRoute(APIRoute):
    """A POST route that honours the key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()
        has_body = self.body_field is not None

        async def answer(request: Request) -> Response:
            if HEADER not in request.headers:
                return await handler(request)
            attempt = Attempt(_key_of(request), await _fingerprint(request, has_body=has_body))
            token = _current.set(attempt)
            try:
                response = await handler(request)
                if attempt.session is not None:
                    await attempt.keep(attempt.session, response)
            except Replayed as replayed:
                return replayed.response()
            finally:
                _current.reset(token)
            return response

        return answer


def honour_keys(router: APIRouter) -> None:
    """Let every POST route of the router honour keys. Twice is the same as once."""
    for route in router.routes:
        if not isinstance(route, APIRoute) or "POST" not in (route.methods or ()):
            continue
        if isinstance(route, IdempotentRoute):
            continue
        route.__class__ = IdempotentRoute
        route.endpoint = _with_key(route.endpoint)
        route.responses = {**problems(409), **route.responses}
        route.openapi_extra = {**(route.openapi_extra or {})}
        route.openapi_extra.setdefault("parameters", []).append(_PARAMETER)


_PARAMETER: Final = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "Any text of your own, new for each thing you want done, such as a UUID. Sending the same request "
        "again within a day gives the first answer again instead of doing it twice."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.LONGEST_KEY},
}


def _with_key(endpoint: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    assert inspect.iscoroutinefunction(endpoint), f"{endpoint} is not async"

    @functools.wraps(endpoint)
    async def keyed(**values: Any) -> Any:
        attempt = _current.get()
        if attempt is not None:
            await attempt.begin(values.values())
        return await endpoint(**values)

    return keyed


def _key_of(request: Request) -> str:
    key = request.headers[HEADER].strip()
    if not 0 < len(key) <= idempotency.LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Invalid(
            f"An {HEADER} is 1 to {idempotency.LONGEST_KEY} printable ASCII characters.",
            pointer=f"header/{HEADER}",
        )
    return key


async def _fingerprint(request: Request, *, has_body: bool) -> bytes:
    """What was asked for. A raw body (an upload) is not read here: what was declared of it counts."""
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body() if has_body else _declared(request))
    return digest.digest()


def _declared(request: Request) -> bytes:
    return request.headers.get("content-length", "").encode()


def _owner(actor: Actor) -> str:
    return f"{actor.kind}:{actor.api_key_id or actor.user_id}:{actor.company_id or ''}"


def _actor_in(value: object) -> Actor | None:
    """The actor, also as part of a session."""
    found = value if isinstance(value, Actor) else getattr(value, "actor", None)
    return found if isinstance(found, Actor) else None
