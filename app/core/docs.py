"""`/docs` and `/redoc`, with their scripts from our own host and none inline.

Swagger UI and Redoc lie ready built in the package `fastapi-standalone-docs`; only its files are used.
"""

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

from app.core.errors import NotFound

router = APIRouter(include_in_schema=False)

ASSETS: Final = {
    "swagger-ui.css": "swagger/swagger-ui.css",
    "swagger-ui-bundle.js": "swagger/swagger-ui-bundle.js",
    "redoc.standalone.js": "redoc/redoc.standalone.js",
}
START_SWAGGER: Final = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
});
"""
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}
</head>
<body>
{body}
</body>
</html>
"""


@router.get("/docs", response_class=HTMLResponse)
async def swagger_page() -> str:
    return _PAGE.format(
        title="ARV API",
        head='<link rel="stylesheet" href="/docs/assets/swagger-ui.css">',
        body='<div id="docs"></div>\n<script src="/docs/assets/swagger-ui-bundle.js"></script>\n'
        '<script src="/docs/assets/start.js"></script>',
    )


@router.get("/redoc", response_class=HTMLResponse)
async def redoc_page() -> str:
    return _PAGE.format(
        title="ARV API reference",
        head="<style>body { margin: 0 }</style>",
        body='<redoc spec-url="/openapi.json"></redoc>\n'
        '<script src="/docs/assets/redoc.standalone.js"></script>',
    )


@router.get("/docs/assets/start.js")
async def start_script() -> Response:
    return Response(START_SWAGGER, media_type="text/javascript")


@router.get("/docs/assets/{name}")
async def asset(name: str) -> FileResponse:
    if name not in ASSETS:
        raise NotFound("There is nothing at this address.")
    return FileResponse(
        _package_folder() / ASSETS[name], headers={"Cache-Control": "public, max-age=86400"}
    )


@lru_cache(maxsize=1)
def _package_folder() -> Path:
    """Where the built pages lie; the package's own code is not imported."""
    spec = importlib.util.find_spec("fastapi_standalone_docs")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "static"
