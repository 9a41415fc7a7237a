"""Lists of everything inside an image, as CycloneDX: Python's packages, Debian's, and those of the pages.

Runs while the image is built and for `make sbom`, with the packages of sbom.lock and nothing of ARV's.
The same packages give the same files: no time and no random number is written into them.

    python sbom.py FOLDER [--python INTERPRETER | --requirements LOCK] [--debian] [--web LIST_OF_NPM]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

DPKG_FIELDS = "${binary:Package}\t${Version}\t${Architecture}\t${db:Status-Abbrev}\n"
# What differs each time although nothing else does.
BY_CHANCE = ("serialNumber",)
BY_CHANCE_IN_METADATA = ("timestamp",)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python")
    parser.add_argument("--requirements", type=Path)
    parser.add_argument("--debian", action="store_true")
    parser.add_argument("--web", type=Path)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    if chosen.python:
        write(chosen.folder, "python", of_python("environment", chosen.python))
    if chosen.requirements:
        write(chosen.folder, "python", of_python("requirements", str(chosen.requirements)))
    if chosen.debian:
        write(chosen.folder, "debian", of_debian())
    web = chosen.web or chosen.folder / "web.cdx.json"
    if web.exists():
        write(chosen.folder, "web", json.loads(web.read_text()))


def of_python(kind: str, source: str) -> dict[str, Any]:
    """What cyclonedx-py says of an interpreter's packages, or of a lock."""
    command = [sys.executable, "-m", "cyclonedx_py", kind, source, "--output-reproducible"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    listed: dict[str, Any] = json.loads(answer.stdout)
    return listed


def of_debian() -> dict[str, Any]:
    """Every installed package of this system."""
    asked = ["dpkg-query", "--show", f"--showformat={DPKG_FIELDS}"]
    lines = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()
    rows = [line.split("\t") for line in lines]
    bom = Bom(components=[debian_package(*row[:3]) for row in rows if row[3].strip() == "ii"])
    listed: dict[str, Any] = json.loads(JsonV1Dot6(bom).output_as_string())
    return listed


def debian_package(name: str, version: str, architecture: str) -> Component:
    plain = name.partition(":")[0]
    address = PackageURL("deb", "debian", plain, version, {"arch": architecture})
    return Component(
        name=plain, version=version, type=ComponentType.LIBRARY, purl=address, bom_ref=str(address)
    )


def write(folder: Path, name: str, listed: dict[str, Any]) -> None:
    """The list as a file of which only its content decides."""
    for key in BY_CHANCE:
        listed.pop(key, None)
    for key in BY_CHANCE_IN_METADATA:
        listed.get("metadata", {}).pop(key, None)
    path = folder / f"{name}.cdx.json"
    path.write_text(json.dumps(listed, indent=1, sort_keys=True) + "\n")
    print(f"{path}: {len(listed.get('components', []))} components")


if __name__ == "__main__":
    main()
