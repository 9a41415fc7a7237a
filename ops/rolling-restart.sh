#!/usr/bin/env bash
# Restarts ARV without a failed request, one service after another; also onto new settings or new images:
#
#   ops/rolling-restart.sh                       everything of ARV's own but nginx
#   ops/rolling-restart.sh app-1 app-2           only these
#   COMPOSE="docker compose -f other.yml" ops/rolling-restart.sh
#
# An app is stopped only while another serves. It first tells nginx to ask the other (app/core/draining.py), ends
# what it serves, comes back and is healthy before the next one's turn. Workers give back what they can not end.
# Stops at the first service that does not come back, exit 1: the others still run as they did.
set -euo pipefail
read -ra compose <<<"${COMPOSE:-docker compose -f docker-compose.yml}"
# Longer than fail_timeout in nginx/include/app-servers.conf: nginx asks an app again before the other one goes.
SETTLE_SECONDS=${SETTLE_SECONDS:-5}
HEALTHY_WITHIN_SECONDS=${HEALTHY_WITHIN_SECONDS:-180}
apps=(app-1 app-2)
others=(celery-worker-markers celery-worker-notifications celery-worker-default celery-beat)

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

renew() {
  local service=$1
  if is_app "$service"; then refuse_unless_another_serves "$service"; fi
  say "$service is made anew"
  if ! "${compose[@]}" up -d --no-build --no-deps --force-recreate --wait \
    --wait-timeout "$HEALTHY_WITHIN_SECONDS" "$service" >/dev/null 2>&1; then
    say "✗ $service is not healthy. The others still run as before. Its last words:"
    "${compose[@]}" logs --no-log-prefix --tail 20 "$service"
    exit 1
  fi
  say "$service is healthy"
  if is_app "$service"; then sleep "$SETTLE_SECONDS"; fi
}

chosen=("$@")
if ((${#chosen[@]} == 0)); then chosen=("${apps[@]}" "${others[@]}"); fi
for service in "${chosen[@]}"; do renew "$service"; done
say "done: ${#chosen[@]} services"
