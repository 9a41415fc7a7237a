"""Built pages for the viewer's tests: what `make web` writes, as small as it can be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.config import get_settings

VIEWER_PAGE = """<!doctype html><html lang="en" data-state="loading"><head><meta charset="utf-8">
<title>ARV</title><style>body{margin:0}</style>
<script type="application/json" id="arv-manifest">null</script>
<script type="module" src="/viewer/assets/main-1a2b.js"></script></head><body></body></html>"""
PANEL_PAGE = "<!doctype html><html><body><div id=root></div></body></html>"


@pytest.fixture
def built_pages(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of built pages the settings lead to."""
    dist = tmp_path / "web"
    for name, page in (("viewer", VIEWER_PAGE), ("admin", PANEL_PAGE)):
        assets = dist / name / "dist" / "assets"
        assets.mkdir(parents=True)
        (assets.parent / "index.html").write_text(page)
        (assets / "main-1a2b.js").write_text(f"console.log('{name}');" * 50)
    (dist / "viewer" / "dist" / "assets" / "engine-3c.wasm").write_bytes(b"\0asm" * 100)
    (dist / "admin" / "dist" / "favicon.svg").write_text("<svg/>")
    (dist / "secret.txt").write_text("outside")
    monkeypatch.setenv("WEB_DIST", str(dist))
    get_settings.cache_clear()
    yield dist
    get_settings.cache_clear()
