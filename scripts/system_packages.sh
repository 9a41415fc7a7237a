#!/bin/sh
# What the tests need of the system beside Python and Node: a Chromium. Installed where we may.
set -eu

find_chromium() {
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}

find_chromium && exit 0
remedy="apt install chromium (or name one: CHROMIUM=/path/to/chrome make test)"
if ! command -v apt-get >/dev/null 2>&1; then
  echo "✗ Chromium was not found and this is no Debian: install it, then run make test again." >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "✗ Chromium was not found and I may not install it: $remedy" >&2
  exit 1
fi
echo "  … installing Chromium (apt)"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null || true
if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; then
  echo "✗ Chromium could not be installed: $remedy" >&2
  exit 1
fi
