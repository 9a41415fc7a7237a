#!/usr/bin/env bash
# What the locks put into the images, as CycloneDX: `make sbom` writes build/sbom. The images carry their own lists,
# with Debian's packages, in /usr/share/sbom.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=build/sbom-tools folder=build/sbom

if ! cmp -s ops/containers/sbom.lock "$tools/installed.lock"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check --require-hashes --no-deps -r ops/containers/sbom.lock
  cp ops/containers/sbom.lock "$tools/installed.lock"
fi
mkdir -p "$folder"
npm sbom --sbom-format cyclonedx --package-lock-only --omit dev >"$folder/web.cdx.json" 2>/dev/null
"$tools/bin/python" ops/containers/sbom.py "$folder" --requirements requirements.lock
