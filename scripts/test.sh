#!/usr/bin/env bash
# Everything that proves ARV works: `make test`. All parts run even when one fails; exit 1 when one did.
# With names (`scripts/test.sh python web`) only those.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

failed=()
chosen=("$@")

part() {
  local name=$1 started ended
  shift
  if ((${#chosen[@]})) && [[ " ${chosen[*]} " != *" $name "* ]]; then return; fi
  printf '\n=== %s\n' "$name"
  started=$(date +%s)
  if "$@"; then verdict=passed; else verdict=FAILED; failed+=("$name"); fi
  ended=$(date +%s)
  printf '=== %s: %s in %d s\n' "$name" "$verdict" "$((ended - started))"
}

part lint scripts/lint.sh
part python .venv/bin/pytest -q -m "not browser" --numprocesses auto --maxprocesses 4 --dist loadfile \
  --no-loadscope-reorder
part web npm run --silent test
part browser .venv/bin/pytest -q -m browser

if ((${#failed[@]})); then
  printf '\nFAILED: %s\n' "${failed[*]}"
  exit 1
fi
printf '\nEverything passed.\n'
