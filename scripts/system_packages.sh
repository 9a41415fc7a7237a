#!/bin/sh
# What the tests need of the system beside Python and Node: a Chromium, Prometheus' own programs, which
# check and play its rules, and the tools of backups, and wrk for make load. Installed where we may.
set -eu

find_chromium() {
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}

missing=""
find_chromium || missing="$missing chromium"
command -v promtool >/dev/null 2>&1 || missing="$missing prometheus"
command -v amtool >/dev/null 2>&1 || missing="$missing prometheus-alertmanager"
command -v restic >/dev/null 2>&1 || missing="$missing restic"
command -v wrk >/dev/null 2>&1 || missing="$missing wrk"
command -v pgbackrest >/dev/null 2>&1 || missing="$missing pgbackrest"
[ -n "$missing" ] || exit 0
remedy="apt install$missing (or name a browser: CHROMIUM=/path/to/chrome make test)"
if ! command -v apt-get >/dev/null 2>&1; then
  echo "✗ Not found, and this is no Debian:$missing. Install them, then run make test again." >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  echo "✗ Not found, and I may not install:$missing. $remedy" >&2
  exit 1
fi
echo "  … installing$missing (apt)"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null || true
# A list of words on purpose.
# shellcheck disable=SC2086
if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
  echo "✗ Could not be installed:$missing. $remedy" >&2
  exit 1
fi
