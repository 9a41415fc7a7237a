#!/bin/sh
# Restore the whole cluster as it was at a moment, into the empty folder PGBACKREST_PG1_PATH. Start
# PostgreSQL on it afterwards: it replays the log up to the moment and then takes connections.
#   ops/backup/restore-at.sh "2026-11-23 12:00:00+00"
set -eu

moment=${1:-}
folder=${PGBACKREST_PG1_PATH:-}
if [ -z "$moment" ] || [ -z "$folder" ]; then
  echo "✗ Say the moment, with its zone, and the folder: PGBACKREST_PG1_PATH=... $0 \"2026-11-23 12:00:00+00\"" >&2
  exit 2
fi
if [ -n "$(ls -A "$folder" 2>/dev/null)" ]; then
  echo "✗ $folder is not empty. Move it away (mv $folder $folder.before): it is your way back." >&2
  exit 1
fi
mkdir -p "$folder"
chmod 700 "$folder"
pgbackrest --stanza=arv --type=time --target="$moment" --target-action=promote restore
echo "restored up to $moment into $folder; start PostgreSQL on it"
