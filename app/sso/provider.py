"""The other side: a company's identity provider, spoken to by OpenID Connect.

Authorization code with PKCE (RFC 7636), state and nonce; OpenID Connect Core 1.0, sections 3.1.2 and 3.1.3.7;
OpenID Connect Discovery 1.0. Discovery and keys are asked for at each sign-in: a key that was withdrawn is
worth nothing at once, and there is no cache to be wrong. Signatures are checked by joserfc.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from app.core import outbound
from app.core.errors import Forbidden, Invalid

SCOPES: Final = "openid email profile"
# Signatures with a public key only: `none` and those with a shared secret are not among them.
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA")
_PUBLIC_KEYS: Final = ("RSA", "EC", "OKP")
CLOCK_SKEW_SECONDS: Final = 60


class ProviderUnusable(Invalid):
    """What the address says of itself is not what OpenID Connect asks for."""

    code = "provider_unusable"
    title = "This is no usable identity provider"


class TokenRefused(Forbidden):
    """The provider's word about the person does not hold."""

    code = "identity_not_verified"
    title = "The identity provider's answer was not accepted"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider answers what, by its own words."""

    issuer: str
    authorization: str
    token: str
    keys: str
    takes_basic: bool


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider vouches for."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str
    authenticated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Client:
    """What we are to the provider."""

    id: str
    secret: str
    redirect_uri: str


async def discover(issuer: str) -> Endpoints:
    """What the issuer says of itself. Raises `ProviderUnusable`, or the errors of `outbound`."""
    outbound.require_web_address(issuer)
    document = await outbound.get_json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if not isinstance(document, dict) or document.get("issuer") != issuer:
        raise ProviderUnusable(
            "The address does not call itself by the issuer given. Copy the issuer exactly, with or without "
            "its last slash."
        )
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Endpoints(
        issuer=issuer,
        authorization=_address(document, "authorization_endpoint"),
        token=_address(document, "token_endpoint"),
        keys=_address(document, "jwks_uri"),
        takes_basic="client_secret_basic" in methods,
    )


def _address(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise ProviderUnusable(f"The provider does not tell its {name}.")
    return str(outbound.require_web_address(value))


def authorization_url(
    endpoints: Endpoints,
    client: Client,
    *,
    state: str,
    nonce: str,
    verifier: str,
    again: bool = False,
) -> str:
    """Where to send the browser; `again` has the provider ask for the password though it knows the person."""
    asked = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": client.redirect_uri,
        "scope": SCOPES,
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    if again:
        asked |= {"prompt": "login", "max_age": "0"}
    separator = "&" if "?" in endpoints.authorization else "?"
    return f"{endpoints.authorization}{separator}{urlencode(asked)}"


def _challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


async def redeem(endpoints: Endpoints, client: Client, *, code: str, verifier: str) -> str:
    """The ID token for a code. Raises `TokenRefused`, or the errors of `outbound`."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": verifier,
    }
    auth = None
    if endpoints.takes_basic:  # both parts form-encoded first: RFC 6749, section 2.3.1
        auth = (quote_plus(client.id), quote_plus(client.secret))
    else:
        form |= {"client_id": client.id, "client_secret": client.secret}
    answer = await outbound.post_form(endpoints.token, form, auth=auth)
    token = answer.get("id_token") if isinstance(answer, dict) else None
    if not isinstance(token, str):
        raise TokenRefused("The identity provider sent no ID token.")
    return token


async def verified_claims(
    token: str, endpoints: Endpoints, client: Client, *, nonce: str, now: datetime
) -> Claims:
    """What the token vouches for. Raises `TokenRefused` unless signature and every claim are right."""
    keys = await _signing_keys(endpoints)
    rules = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=CLOCK_SKEW_SECONDS,
        iss={"essential": True, "value": endpoints.issuer},
        aud={"essential": True, "value": client.id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        found = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        rules.validate(found)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise TokenRefused("The ID token is not valid.") from error
    audience = found["aud"]
    if isinstance(audience, list) and len(audience) > 1 and found.get("azp") != client.id:
        raise TokenRefused("The ID token is meant for another program.")
    return _claims_of(found)


async def _signing_keys(endpoints: Endpoints) -> KeySet:
    document = await outbound.get_json(endpoints.keys)
    listed = document.get("keys") if isinstance(document, dict) else None
    usable = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict)
        and key.get("kty") in _PUBLIC_KEYS
        and key.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": usable})
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise TokenRefused("The identity provider's keys can not be read.") from error


def _claims_of(found: dict[str, Any]) -> Claims:
    proved_at = found.get("auth_time")
    return Claims(
        issuer=str(found["iss"]),
        subject=str(found["sub"])[:255],
        email=str(found.get("email") or ""),
        email_verified=found.get("email_verified") in (True, "true"),
        name=str(found.get("name") or "")[:120],
        authenticated_at=(
            datetime.fromtimestamp(proved_at, UTC) if isinstance(proved_at, int) else None
        ),
    )
