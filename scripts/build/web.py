"""The web workspaces, in the order in which they need each other."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.local.console import step
from scripts.build.tools import PYTHON, ROOT, digest_of, is_stamped, run_tool, set_stamp

WEB = ROOT / "web"
BINARIES = ("arv_engine/arv_engine.wasm", "arv_engine/arv_engine_plain.wasm")
MADE = ("dist", "node_modules", "coverage", ".vite", "test-results")
SHARED = ("package.json", "package-lock.json")


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder of `web/`, with what beside its own files goes into its build."""

    title: str
    folder: str
    needs: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return WEB / self.folder

    def sources(self) -> Iterator[Path]:
        for folder in (self.folder, *self.needs):
            yield from _files(WEB / folder)
        yield from (ROOT / name for name in (*SHARED, *BINARIES))

    @property
    def scripts(self) -> dict[str, str]:
        scripts: dict[str, str] = json.loads((self.path / "package.json").read_text())["scripts"]
        return scripts


WORKSPACES = (
    Workspace("Engine for the browser", "engine"),
    Workspace("Viewer", "viewer", needs=("engine",)),
    Workspace("Panel", "admin", needs=("api-client", "engine")),
)


def build_web() -> None:
    """Build what changed."""
    for workspace in WORKSPACES:
        with step(workspace.title) as current:
            current.note(_build(workspace))


def _build(workspace: Workspace) -> str:
    digest = digest_of(workspace.sources())
    name = f"web-{workspace.folder}"
    if is_stamped(name, digest) and (workspace.path / "dist").is_dir():
        return "unchanged"
    package = f"@arv/{workspace.folder}"
    run_tool(f"Building {package}", ["npm", "run", "--silent", "build", "--workspace", package])
    set_stamp(name, digest_of(workspace.sources()))
    return "built"


def export_openapi() -> None:
    """The API's description, and the client's types made from it."""
    with step("OpenAPI document and client types"):
        run_tool("Exporting OpenAPI", [PYTHON, ROOT / "scripts" / "export_openapi.py"])
        run_tool(
            "Generating the client's types",
            ["npm", "run", "--silent", "generate", "--workspace", "@arv/api-client"],
        )


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in MADE or path.name.endswith(".tsbuildinfo"):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path
