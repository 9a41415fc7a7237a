"""What is asked: every list of the OpenAPI document, with each of its orders, searches and filters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from bench.lists.seed import NOW, RARE_WORD, Seeded

# Values for filters the description does not list itself.
SAMPLES: Final = {"name": "content.", "from": (NOW + timedelta(minutes=5)).isoformat()}
SAMPLES["plan"], SAMPLES["score_below"] = "studio", "60"
SAMPLES["to"] = (NOW + timedelta(hours=1)).isoformat()
SEARCHES: Final = {"common word": "portrait", "rare word": RARE_WORD, "no match": "qqqq"}


@dataclass(frozen=True, slots=True)
class Case:
    """One request: `second_page` follows the cursor of the first."""

    path: str
    what: str
    params: dict[str, Any] = field(default_factory=dict)
    second_page: bool = False

    @property
    def name(self) -> str:
        short = self.path.removeprefix("/api/v1").replace("/companies/{company_id}", "/…")
        return f"{short}  {self.what}"


def cases(description: dict[str, Any], seeded: Seeded) -> Iterator[Case]:
    """All cases, list by list."""
    description = _resolved(description, description["components"]["schemas"])
    for path, operations in description["paths"].items():
        parameters = operations.get("get", {}).get("parameters", [])
        query = {p["name"]: p["schema"] for p in parameters if p["in"] == "query"}
        if "limit" in query:
            yield Case(path, "first page")
            yield Case(path, "200 rows", {"limit": 200})
            yield Case(path, "second page", {}, second_page=True)
            yield from _searches(path, query)
            yield from _orders(path, query)
            yield from _filters(path, query, seeded)


def _resolved(node: Any, schemas: dict[str, Any]) -> Any:
    """The parameters' references to enumerations, replaced by what they name."""
    return {
        **node,
        "paths": {
            path: {
                verb: operation
                | {
                    "parameters": [
                        parameter | {"schema": _plain(parameter["schema"], schemas)}
                        for parameter in operation.get("parameters", [])
                    ]
                }
                for verb, operation in operations.items()
            }
            for path, operations in node["paths"].items()
        },
    }


def _plain(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return dict(schemas[schema["$ref"].rsplit("/", 1)[-1]])
    if "anyOf" in schema:
        return schema | {"anyOf": [_plain(each, schemas) for each in schema["anyOf"]]}
    return schema


def _searches(path: str, query: dict[str, Any]) -> Iterator[Case]:
    if "q" in query:
        for what, words in SEARCHES.items():
            yield Case(path, f"search: {what}", {"q": words})


def _orders(path: str, query: dict[str, Any]) -> Iterator[Case]:
    """The columns are named in the pattern of `sort`: `^-?(title|created_at)$`."""
    pattern = next((s["pattern"] for s in _variants(query.get("sort", {})) if "pattern" in s), "")
    for name in re.findall(r"[a-z_]+", pattern):
        for order in (name, f"-{name}"):
            yield Case(path, f"sort {order}", {"sort": order})
    if pattern:
        first = re.findall(r"[a-z_]+", pattern)[0]
        yield Case(path, f"sort {first}, second page", {"sort": first}, second_page=True)


def _filters(path: str, query: dict[str, Any], seeded: Seeded) -> Iterator[Case]:
    for name, schema in query.items():
        if name in ("limit", "cursor", "q", "sort"):
            continue
        for value in _values(name, schema, seeded):
            yield Case(path, f"{name}={str(value)[:20]}", {name: value})


def _values(name: str, schema: dict[str, Any], seeded: Seeded) -> list[Any]:
    for variant in _variants(schema):
        if "enum" in variant:
            return list(variant["enum"])
        if variant.get("type") == "boolean":
            return ["true", "false"]
    if name in seeded.ids:
        return [seeded.ids[name]]
    if name in SAMPLES:
        return [SAMPLES[name]]
    if any(v.get("format") == "date-time" for v in _variants(schema)):
        return [SAMPLES["from"]]
    raise LookupError(f"no sample for the filter {name}: add one to bench/lists/cases.py")


def _variants(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema itself and what it may be."""
    inner = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    items = schema.get("items")
    return [schema, *(v for each in inner for v in _variants(each)), *([items] if items else [])]
