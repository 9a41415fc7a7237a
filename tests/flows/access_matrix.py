"""The isolation matrix: who asks what, and what each cell must answer by `access_table.py`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from app.companies.roles import EDITOR, KEY_SCOPES, OWNER, PERMISSIONS, VIEWER
from app.core.logging import configure_logging
from tests.flows.access_table import TABLE, Rule
from tests.flows.access_world import Ids, World, make_world, nothing_lasts

NO_ONE = ("anonymous", "expired session", "revoked session")
ALL_401 = (401, 401, 401, 401, 401)
ROLES = {"viewer": VIEWER, "editor": EDITOR, "owner": OWNER, "superadmin": OWNER}
COMPANY = "/api/v1/companies/{company_id}"


@dataclass(frozen=True, slots=True)
class Route:
    """A documented operation and what is sent to it."""

    name: str
    method: str
    path: str
    ok: int
    sent: dict[str, Any]
    rule: Rule

    @property
    def has_object(self) -> bool:
        """Whether it names more than a company."""
        rest = self.path.removeprefix(COMPANY).replace("{file_format}", "")
        return "{" in rest or "_id}" in str(self.sent)

    async def ask(self, client: httpx.AsyncClient, ids: Ids) -> httpx.Response:
        return await client.request(self.method, self.path.format(**ids), **_filled(self.sent, ids))


def routes_of(app: FastAPI) -> list[Route]:
    """Every documented route that the table knows."""
    document = app.openapi()
    return [
        _route(document, method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation["operationId"] in TABLE
    ]


def _route(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Route:
    rule = TABLE[operation["operationId"]]
    successes = (int(code) for code in operation["responses"] if code.startswith("2"))
    ok = rule.ok or min(successes, default=302)
    sent = dict(rule.sent) or _example(document, operation)
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query" and parameter.get("required") and "params" not in sent:
            sent["params"] = {parameter["name"]: parameter.get("example", "x")}
    return Route(operation["operationId"], method, path, ok, sent, rule)


def _example(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return {"json": schema["examples"][0]} if "examples" in schema else {}


def _filled(value: Any, ids: Ids) -> Any:
    """The value with `{content_id}` and the like replaced, however deep they are."""
    match value:
        case str():
            return value.format(**ids)
        case list():
            return [_filled(each, ids) for each in value]
        case dict():
            return {key: _filled(each, ids) for key, each in value.items()}
        case _:
            return value


def words(answer: httpx.Response) -> object:
    """The body without what names the request; that of HEAD is empty."""
    if not answer.content or "json" not in answer.headers.get("content-type", ""):
        return answer.text
    body = answer.json()
    named = ("instance", "request_id")
    return {k: v for k, v in body.items() if k not in named} if isinstance(body, dict) else body


@dataclass(frozen=True, slots=True)
class Cell:
    """One caller at one route: what their own, the neighbour's and no object must answer."""

    who: str
    client: httpx.AsyncClient
    own: int
    foreign: int  # below the neighbour's company
    nowhere: int  # below a company that is not there
    foreign_object: int  # below one's own company, an object of the neighbour's
    no_object: int  # below one's own company, an object that is not there


def cells_of(route: Route, world: World) -> Iterator[Cell]:
    """Every caller, with the statuses that follow from the table."""
    for who in NO_ONE:
        yield Cell(who, world.people[who], *ALL_401)
    match route.rule.reach:
        case "company":
            yield from _company_cells(route, world)
        case "person" | "operator":
            yield from _personal_cells(route, world)


def _company_cells(route: Route, world: World) -> Iterator[Cell]:
    needed = set(route.rule.permissions)
    for who, role in ROLES.items():
        foreign = route.ok if who == "superadmin" else 404
        may = needed <= PERMISSIONS[role] or who == "superadmin"
        statuses = _for(route, may=may, foreign=foreign)
        yield Cell(who, world.people[who], *statuses)
    may = needed <= KEY_SCOPES
    with_scope = world.key_with(route.rule.permissions)
    if route.rule.is_fresh:
        yield Cell("key with scope", with_scope, 401, 404, 404, 401, 401)
        return
    yield Cell("key with scope", with_scope, *_for(route, may=may))
    for i, permission in enumerate(route.rule.permissions if may else ()):
        unseen = 404 if i else 403  # what the object is can only be asked of one that is there
        statuses = (403, 404, 404, unseen, unseen)
        yield Cell(f"key without {permission}", world.key_without(permission), *statuses)


def _for(route: Route, *, may: bool, foreign: int = 404) -> tuple[int, int, int, int, int]:
    return (route.ok, foreign, 404, 404, 404) if may else (403, foreign, 404, 403, 403)


def _personal_cells(route: Route, world: World) -> Iterator[Cell]:
    for who in ROLES:
        ok = route.ok
        match (route.rule.reach, who):
            case ("person", _):
                statuses = (ok, ok, 404, 404, 404)
            case (_, "superadmin"):
                statuses = (ok, ok, 404, ok, 404)  # the operator's objects are everybody's
            case _:
                statuses = (403, 403, 403, 403, 403)
        yield Cell(who, world.people[who], *statuses)
    yield Cell("key", world.keys[KEY_SCOPES], *ALL_401)


async def _faults_of(route: Route, cell: Cell, world: World) -> list[str]:
    """What is not as the table says, in words."""
    faults = []

    async def expect(status: int, where: str, ids: Ids) -> httpx.Response:
        answer = await route.ask(cell.client, ids)
        if where != "foreign company" and (shown := _shown(route, answer, world)):
            faults.append(f"{route.name} x {cell.who} x {where}: shows the neighbour's {shown}")
        if answer.status_code != status:
            phrase = HTTPStatus(answer.status_code).phrase
            told = f"{answer.status_code} {phrase}, not {status}: {answer.text[:160]}"
            faults.append(f"{route.name} x {cell.who} x {where}: {told}")
        return answer

    await expect(cell.own, "own", world.own)
    if route.path.startswith(COMPANY) and route.rule.reach == "company":
        foreign = await expect(cell.foreign, "foreign company", world.foreign)
        nothing = await expect(cell.nowhere, "no such company", world.nothing)
        if cell.who != "superadmin" and words(foreign) != words(nothing):
            faults.append(f"{route.name} x {cell.who}: a foreign company does not look like none")
    if route.has_object:
        theirs = await expect(cell.foreign_object, "foreign object", world.smuggled)
        none = await expect(cell.no_object, "no such object", world.missing)
        if cell.foreign_object == cell.no_object and words(theirs) != words(none):
            faults.append(f"{route.name} x {cell.who}: a foreign object does not look like none")
    return faults


def _shown(route: Route, answer: httpx.Response, world: World) -> list[str]:
    """Which of the neighbour's objects an answer below one's own company shows."""
    if route.rule.reach != "company" or not answer.is_success:
        return []
    return [name for name, value in world.secrets.items() if value in answer.text]


async def faults_of_matrix(app: FastAPI, world: World, only: set[str]) -> list[str]:
    """Every cell of these routes that is not as the table says."""
    faults: list[str] = []
    async with nothing_lasts():
        for route in routes_of(app):
            if route.rule.reach in ("public", "key") or route.name not in only:
                continue
            for cell in cells_of(route, world):
                faults += await _faults_of(route, cell, world)
    return faults


async def prove_matrix(app: FastAPI, folder: Path, chosen: Callable[[Route], bool]) -> None:
    """Every cell of the chosen routes is as the table says."""
    configure_logging("critical", "console")  # thousands of requests, all foreseen
    world = await make_world(app, folder)

    faults = await faults_of_matrix(app, world, {r.name for r in routes_of(app) if chosen(r)})

    assert not faults, f"{len(faults)} cells\n" + "\n".join(faults)
