#!/usr/bin/env bash
# Everything that proves ARV works: `make test`. All parts run even when one fails; exit 1 when one did.
# The browser's tests mostly wait, so they run beside those in Python and are shown after them.
# With names (`scripts/test.sh python web`) only those.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

failed=$(mktemp -d)
beside=
trap '[ -z "$beside" ] || kill -INT -- "-$beside" 2>/dev/null; rm -rf "$failed"' EXIT
chosen=("$@")
for name in "$@"; do
  case $name in lint | python | web | browser) ;; *) echo "no part is called $name: lint python web browser" >&2 && exit 2 ;; esac
done

part() {
  local name=$1 started ended verdict
  shift
  if ((${#chosen[@]})) && [[ " ${chosen[*]} " != *" $name "* ]]; then return; fi
  printf '\n=== %s\n' "$name"
  started=$(date +%s)
  if "$@"; then verdict=passed; else verdict=FAILED; touch "$failed/$name"; fi
  ended=$(date +%s)
  printf '=== %s: %s in %d s\n' "$name" "$verdict" "$((ended - started))"
}

in_a_browser() {
  part web npm run --silent test
  part browser .venv/bin/pytest -q -m browser
}

part lint scripts/lint.sh
set -m # a group of its own, so that Ctrl-C ends it too
in_a_browser >"$failed/.beside" 2>&1 &
beside=$!
set +m
part python .venv/bin/pytest -q -m "not browser" --numprocesses auto --maxprocesses 4 --dist loadfile \
  --no-loadscope-reorder
wait "$beside"
beside=
cat "$failed/.beside"

if [ -n "$(ls "$failed")" ]; then
  printf '\nFAILED: %s\n' "$(ls -x "$failed")"
  exit 1
fi
printf '\nEverything passed.\n'
