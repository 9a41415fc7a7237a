#!/bin/sh
# The part of the official entrypoint that docker-compose.yml uses: same variables, same data folder.
set -e
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb -U "$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" -A scram-sha-256 -E UTF8 --locale=C.UTF-8 >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  PGPASSWORD=$(cat "$POSTGRES_PASSWORD_FILE")
  export PGPASSWORD
  pg_ctl -w -o "-c listen_addresses='' -k /tmp" start >/dev/null
  psql -h /tmp -U "$POSTGRES_USER" -d postgres -qc "CREATE DATABASE \"$POSTGRES_DB\""
  pg_ctl -w -m fast stop >/dev/null
fi
shift
exec postgres -c listen_addresses='*' -c unix_socket_directories=/run/postgresql "$@"
