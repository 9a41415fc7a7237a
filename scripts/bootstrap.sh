#!/bin/sh
# Finds a Python new enough and lets scripts/bootstrap.py do the rest: `scripts/bootstrap.sh run`.
set -eu
cd "$(dirname "$0")/.."

for python in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
  if [ -n "$python" ] && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exec "$python" -B scripts/bootstrap.py "$@"
  fi
done
echo "✗ Python 3.11 or newer was not found: apt install python3 python3-venv, or name it: make run PYTHON=/path/python3" >&2
exit 1
