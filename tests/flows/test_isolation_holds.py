"""What isolation rests on, tried by taking it away: a tenant filter at a time, with and without policies.

With the policies of row level security switched off, each query function that loses its filter makes the
matrix fail: so the matrix would notice. With the policies on, the same function shows nobody else's row.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import asyncpg
import pytest
from fastapi import FastAPI

from app.api_keys import queries as api_keys
from app.ar_content import queries as contents
from app.audit import queries as audit
from app.core.logging import configure_logging
from app.exports import queries as exports
from app.members import queries as members
from app.projects import queries as projects
from app.uploads import queries as uploads
from tests.flows.access_matrix import faults_of_matrix
from tests.flows.access_world import World, make_world

# A query function, and a route that is asked: more would prove the same again.
FILTERED: list[tuple[Callable[..., Any], str]] = [
    (projects.list_summaries, "list_projects"),
    (projects.get_project, "get_project"),
    (contents._one, "get_content"),
    (uploads.find_upload, "get_upload"),
    (api_keys._live, "get_api_key"),
    (members.list_invitations, "list_invitations"),
    (exports.get_export, "get_export"),
    (audit.list_company_events, "list_company_events"),
]
TENANT_COLUMN = "company_id"


class DropTenantFilter(ast.NodeTransformer):
    """Takes `X.company_id == ...` out of every call it is an argument of."""

    def __init__(self) -> None:
        self.dropped = 0

    def visit_Call(self, node: ast.Call) -> ast.Call:
        kept = [each for each in node.args if not _is_tenant_filter(each)]
        self.dropped += len(node.args) - len(kept)
        node.args = kept
        self.generic_visit(node)
        return node


def _is_tenant_filter(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Compare)
        and isinstance(node.left, ast.Attribute)
        and node.left.attr == TENANT_COLUMN
    )


@contextmanager
def without_tenant_filter(function: Callable[..., Any]) -> Iterator[None]:
    """The function as it would be if somebody had forgotten the company in it."""
    assert isinstance(function, FunctionType)
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    dropper = DropTenantFilter()
    tree = ast.fix_missing_locations(dropper.visit(tree))
    assert dropper.dropped, f"{function.__name__} compares no {TENANT_COLUMN}"
    module = compile(tree, function.__code__.co_filename, "exec")
    code = next(each for each in module.co_consts if isinstance(each, CodeType))
    before, function.__code__ = function.__code__, code
    try:
        yield
    finally:
        function.__code__ = before


@pytest.fixture
async def world(app: FastAPI, tmp_path: Path) -> World:
    configure_logging("critical", "console")
    return await make_world(app, tmp_path)


async def faults_without(app: FastAPI, world: World) -> dict[str, list[str]]:
    """What the matrix finds at the route of each function that lost its filter."""
    found = {}
    for function, route in FILTERED:
        with without_tenant_filter(function):
            found[route] = await faults_of_matrix(app, world, only={route})
    return found


async def switch_off_policies(owner: asyncpg.Connection) -> None:
    held = await owner.fetch("SELECT oid::regclass AS name FROM pg_class WHERE relrowsecurity")
    for table in held:
        await owner.execute(f"ALTER TABLE {table['name']} DISABLE ROW LEVEL SECURITY")


async def test_the_matrix_notices_a_lost_filter(
    app: FastAPI, world: World, owner: asyncpg.Connection
) -> None:
    """Without policies behind them, the filters alone keep companies apart, and each is missed."""
    await switch_off_policies(owner)
    routes = {route for _, route in FILTERED}
    assert [] == await faults_of_matrix(app, world, only=routes)

    found = await faults_without(app, world)

    assert [] == [route for route, faults in found.items() if not faults]


async def test_row_level_security_catches_a_lost_filter(app: FastAPI, world: World) -> None:
    """With the policies on, a query without its filter shows no row of another company."""
    found = await faults_without(app, world)

    assert {route: [] for _, route in FILTERED} == found
