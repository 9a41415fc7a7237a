"""The built viewer page with a manifest put in: one round trip starts everything."""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from app.viewer.schemas import Manifest

_MANIFEST = re.compile(
    r'(<script type="application/json" id="arv-manifest">)null(</script>)', re.IGNORECASE
)
_LANGUAGE = re.compile(r'(<html\b[^>]*\blang=")[^"]*(")', re.IGNORECASE)
_TITLE = re.compile(r"<title>[^<]*</title>", re.IGNORECASE)
_HEAD_END = re.compile(r"</head>", re.IGNORECASE)
_INLINE_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.IGNORECASE | re.DOTALL)


class TemplateBroken(Exception):
    """The built page lacks the place for the manifest."""


@dataclass(frozen=True, slots=True)
class Template:
    """The page as built, and the policy it needs."""

    html: str
    content_security_policy: str


def read_template(folder: Path) -> Template | None:
    """The built page, read again only after a new build; None if there is none."""
    path = folder / "index.html"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=4)
def _read(path: Path, _modified: int) -> Template:
    html = path.read_text(encoding="utf-8")
    if _MANIFEST.search(html) is None:
        raise TemplateBroken(f"{path.name} has no element arv-manifest holding null")
    return Template(html, _policy(html))


def _policy(html: str) -> str:
    """No script but our own files; WebAssembly and a worker for recognition; styles inline by hash."""
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
        for style in _INLINE_STYLE.findall(html)
    ]
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "worker-src 'self' blob:",
            " ".join(["style-src 'self'", *hashes]),
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def policy_with(policy: str, file_url: str) -> str:
    """The policy that lets files come from where this one is too, and from nowhere else."""
    parts = urlsplit(file_url)
    if not parts.netloc:
        return policy
    origin = f"{parts.scheme}://{parts.netloc}"
    for source in ("img-src 'self'", "media-src 'self'", "connect-src 'self'"):
        policy = policy.replace(source, f"{source} {origin}")
    return policy


def fill(template: Template, manifest: Manifest) -> str:
    """The page for one content."""
    # `<` is escaped, so that no title can end the element; the separators JavaScript once disliked too.
    text = json.dumps(manifest.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    title = f"<title>{escape(manifest.title)} · {escape(manifest.company.name)}</title>"
    html = _MANIFEST.sub(lambda found: found[1] + text + found[2], template.html, count=1)
    html = _LANGUAGE.sub(lambda found: found[1] + (manifest.language or "en") + found[2], html, 1)
    html = _TITLE.sub(lambda _: title, html, count=1)
    return _HEAD_END.sub(lambda found: _preloads(manifest) + found[0], html, count=1)


def _preloads(manifest: Manifest) -> str:
    """The target is fetched while the scripts are still on their way; the build names engine and scripts."""
    return f'<link rel="preload" as="fetch" crossorigin href="{escape(manifest.target.url)}">'
