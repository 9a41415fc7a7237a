"""Writes the API's OpenAPI document for the web client: `python scripts/export_openapi.py [FILE]`."""

import json
import sys
from pathlib import Path

from app.main import create_app

DEFAULT_TARGET = Path(__file__).resolve().parents[1] / "web" / "api-client" / "openapi.json"


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_TARGET
    document = (
        json.dumps(create_app().openapi(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    )
    if not target.exists() or target.read_text(encoding="utf-8") != document:
        target.write_text(document, encoding="utf-8")
        print(f"wrote {target.name}: {document.count('operationId')} operations")


if __name__ == "__main__":
    main()
