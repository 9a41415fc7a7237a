"""A little OpenID provider, a real server on a free port, that can be told to lie."""

import asyncio
import base64
import hashlib
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

from app.local.ports import free_port

CLIENT_ID, CLIENT_SECRET = "arv", "s3cret/with+signs"

Change = Callable[[dict[str, Any]], None]


def new_key(name: str) -> RSAKey:
    """A signing key with this `kid`."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return RSAKey.import_key(private, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass(slots=True)
class Provider:
    """Who signs in next is `person`; `change` alters the claims just before they are signed."""

    issuer: str
    key: RSAKey = field(default_factory=lambda: new_key("first"))
    published: list[RSAKey] = field(default_factory=list)
    person: dict[str, Any] = field(default_factory=dict)
    change: Change = lambda _claims: None
    sign: Callable[["Provider", dict[str, Any]], str] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked_of_token: int = 0

    def rotate(self) -> None:
        """Sign with a new key; the old one is published no more."""
        self.key = new_key("second")
        self.published = []

    def consent(self, authorization_url: str) -> dict[str, str]:
        """What the provider puts into the address it sends the browser back to."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(authorization_url).query).items()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email_verified": True,
            **self.person,
        }
        if "max_age" in asked:
            claims["auth_time"] = now
        self.change(claims)
        if self.sign is not None:
            return self.sign(self, claims)
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


def app_of(provider: Provider) -> FastAPI:
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
        }

    @app.get("/keys")
    async def keys() -> dict[str, Any]:
        known = provider.published or [provider.key]
        return {"keys": [key.as_dict(private=False) for key in known]}

    @app.get("/authorize")
    async def authorize(request: Request) -> HTMLResponse:
        """The provider's own page, where a person says yes."""
        back = f"{request.query_params['redirect_uri']}?{urlencode(provider.consent(str(request.url)))}"
        email = escape(provider.person.get("email", ""))
        icon = '<link rel=icon href="data:,">'  # or the browser asks for one
        return HTMLResponse(f'{icon}<a href="{escape(back)}">Go on as {email}</a>')

    @app.post("/token")
    async def token(request: Request) -> JSONResponse:
        provider.asked_of_token += 1
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        asked = provider.codes.pop(form.get("code", ""), None)
        if asked is None or not _is_the_client(request) or not _is_the_asker(asked, form):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"id_token": provider.id_token(asked), "token_type": "Bearer"})

    return app


def _is_the_client(request: Request) -> bool:
    """Basic authentication, both parts form-encoded first."""
    expected = base64.b64encode(b"arv:s3cret%2Fwith%2Bsigns").decode()
    return request.headers.get("authorization") == f"Basic {expected}"


def _is_the_asker(asked: dict[str, str], form: dict[str, str]) -> bool:
    """PKCE, and the same redirect address."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    same = asked["redirect_uri"] == form.get("redirect_uri")
    return same and asked["code_challenge"] == challenge


@asynccontextmanager
async def running_provider() -> AsyncIterator[Provider]:
    """A provider that answers on the loopback interface until the block ends."""
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}")
    config = uvicorn.Config(app_of(provider), port=port, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  (uvicorn has no event to wait for)
        await asyncio.sleep(0.01)
    try:
        yield provider
    finally:
        server.should_exit = True
        await running


@contextmanager
def provider_in_a_thread() -> Iterator[Provider]:
    """The same for tests that block, such as those that drive a browser."""
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}")
    config = uvicorn.Config(app_of(provider), port=port, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield provider
    finally:
        server.should_exit = True
        thread.join(10)
