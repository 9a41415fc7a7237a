"""Writes the API's OpenAPI document for the web client: `python scripts/export_openapi.py [FILE]`.

Names of operations that are new are added to `docs/reference/operations.txt`; none is ever taken away here.
"""

import json
import sys
from pathlib import Path
from typing import Any

from app.main import create_app

ROOT = Path(__file__).resolve().parents[1]
DEFAULT_TARGET = ROOT / "web" / "api-client" / "openapi.json"
OPERATIONS = ROOT / "docs" / "reference" / "operations.txt"


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_TARGET
    described = create_app().openapi()
    document = json.dumps(described, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    if not target.exists() or target.read_text(encoding="utf-8") != document:
        target.write_text(document, encoding="utf-8")
        print(f"wrote {target.name}: {document.count('operationId')} operations")
    remember(described)


def remember(described: dict[str, Any]) -> None:
    """Add the names that are new, so that a client generated today can rely on them."""
    names = {
        operation["operationId"]
        for path, methods in described["paths"].items()
        if path.startswith("/api/v1")
        for operation in methods.values()
    }
    kept = set(OPERATIONS.read_text(encoding="utf-8").split()) if OPERATIONS.exists() else set()
    if names - kept:
        OPERATIONS.write_text("\n".join(sorted(names | kept)) + "\n", encoding="utf-8")
        print(f"{OPERATIONS.name}: {len(names - kept)} new")


if __name__ == "__main__":
    main()
