#!/bin/sh
# Writes the locks: Python's three and the one of `make sbom`, with hashes, and one for npm. None names a host or a path of this machine.
# Versions stay as they are unless UPGRADE=1 is set. The development lock decides the versions; the other two are cut from it, so all three agree.
set -eu
cd "$(dirname "$0")/.."

pinned() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
}

compile() {
  pinned pyproject.toml "$@"
}

# shellcheck disable=SC2086  # one word or none
compile --all-extras ${UPGRADE:+--upgrade} -o requirements-dev.lock
compile --constraint requirements-dev.lock --extra embedded --extra build -o requirements-run.lock
compile --constraint requirements-dev.lock -o requirements.lock
# shellcheck disable=SC2086
pinned --group sbom ${UPGRADE:+--upgrade} -o ops/containers/sbom.lock
npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error

if grep -nE 'https?://[^ ]*(simple|registry)|file://' requirements*.lock ops/containers/sbom.lock package-lock.json; then
  echo "✗ a lock names a registry: see the lines above" >&2
  exit 1
fi
