#!/usr/bin/env bash
# Restarts ARV without a failed request, one service after another; also onto new settings or new images:
#
#   ops/rolling-restart.sh                       everything of ARV's own but nginx
#   ops/rolling-restart.sh app-1 app-2           only these
#
# in the folder of docker-compose.yml and .env. COMPOSE is the command for compose, if not `docker compose`.
#
# An app is stopped only while another serves. It first tells nginx to ask the other (app/core/draining.py), ends
# what it serves, comes back and is healthy before the next one's turn. Workers give back what they can not end.
# Stops at the first service that does not come back, exit 1: the others still run as they did.
set -euo pipefail
read -ra compose <<<"${COMPOSE:-docker compose}"
# nginx must ask an app again before the other one goes: fail_timeout (nginx/include/app-servers.conf), which it counts
# in whole seconds, after an attempt that may have waited for proxy_connect_timeout. Too short and it has nobody to ask.
SETTLE_SECONDS=${SETTLE_SECONDS:-10}
HEALTHY_WITHIN_SECONDS=${HEALTHY_WITHIN_SECONDS:-180}
up=("${compose[@]}" up -d --no-build --no-deps --force-recreate --wait --wait-timeout "$HEALTHY_WITHIN_SECONDS")
mapfile -t apps < <("${compose[@]}" config --services | grep '^app-' | sort)
mapfile -t others < <("${compose[@]}" config --services | grep '^celery-' | sort)

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

is_healthy() { [ "$("${compose[@]}" ps --format '{{.Health}}' "$1")" = healthy ]; }

is_app() { [[ " ${apps[*]} " == *" $1 "* ]]; }

refuse_unless_another_serves() {
  local other
  for other in "${apps[@]}"; do
    if [ "$other" != "$1" ] && is_healthy "$other"; then return; fi
  done
  say "✗ no other app is healthy: stopping $1 would stop ARV. Repair the other one first (docs/runbooks/restart.md)."
  exit 1
}

renew_app() {
  refuse_unless_another_serves "$1"
  say "$1 is made anew"
  if ! "${up[@]}" "$1" >/dev/null 2>&1; then
    say "✗ $1 is not healthy; the others still run as before. Its last words:"
    "${compose[@]}" logs --no-log-prefix --tail 20 "$1"
    exit 1
  fi
  say "$1 is healthy"
  sleep "$SETTLE_SECONDS"
}

# Nobody waits for an answer of theirs: all at once.
renew_others() {
  if (($# == 0)); then return; fi
  say "$* are made anew"
  if ! "${up[@]}" "$@" >/dev/null 2>&1; then
    say "✗ not all of them are healthy: docker compose logs SERVICE says why. Jobs wait until they are."
    "${compose[@]}" ps "$@"
    exit 1
  fi
  say "$* are healthy"
}

chosen=("$@")
if ((${#chosen[@]} == 0)); then chosen=("${apps[@]}" "${others[@]}"); fi
rest=()
for service in "${chosen[@]}"; do
  if is_app "$service"; then renew_app "$service"; else rest+=("$service"); fi
done
renew_others "${rest[@]}"
say "done: ${#chosen[@]} services"
