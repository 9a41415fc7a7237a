#!/usr/bin/env bash
# Builds the images and runs the whole compose file, then plays the product through nginx: `make containers`.
# Starts a Docker daemon of its own and makes stand-ins for the base images (stand-ins.sh), so it needs root and
# Debian's packages, but no image registry. With ARV_DOCKER=system it uses the daemon and the images that are there.
# KEEP=1 leaves everything running, QUICK=1 (`make containers-quick`) plays one flow only. What can be used again is
# kept in STATE.
set -euo pipefail
cd "$(dirname "$0")/../.."
HERE=ops/containers
export STATE=${STATE:-${XDG_CACHE_HOME:-$HOME/.cache}/arv-containers}
export PYTHON_IMAGE=python:3.11-slim NODE_IMAGE=node:20-slim NGINX_IMAGE=nginx:stable
export POSTGRES_IMAGE=postgres:15 REDIS_IMAGE=redis:7 MINIO_IMAGE=minio/minio:RELEASE.2025-04-22T22-12-26Z
export ARV_IMAGE=arv:proved ARV_EDGE_IMAGE=arv-edge:proved ARV_BACKUP_IMAGE=arv-backup:proved
export COMPOSE_PROJECT_NAME=arv-proved
docker=/usr/bin/docker
compose=(.venv/bin/docker-compose --env-file "$STATE/env" -f docker-compose.yml)
started=$(date +%s)

lap() { printf '[%4d s] %s\n' "$(($(date +%s) - started))" "$*"; }

install_what_is_missing() {
  local missing=()
  command -v dockerd >/dev/null || missing+=(docker.io)
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  if ((${#missing[@]})); then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
}

start_private_daemon() {
  if [ "$(id -u)" != 0 ]; then
    echo "a Docker daemon of our own needs root; or: ARV_DOCKER=system make containers" >&2
    exit 1
  fi
  install_what_is_missing
  export DOCKER_HOST=unix://$STATE/docker.sock
  if ! "$docker" version >/dev/null 2>&1; then
    setsid dockerd --data-root "$STATE/data" --exec-root "$STATE/exec" --pidfile "$STATE/dockerd.pid" \
      -H "$DOCKER_HOST" --storage-driver overlay2 --bridge=none \
      --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false >"$STATE/dockerd.log" 2>&1 &
    for _ in $(seq 150); do
      if "$docker" version >/dev/null 2>&1; then break; fi
      sleep 0.2
    done
  fi
  lap "a daemon of our own"
  "$HERE/stand-ins.sh"
  lap "base images"
}

build_images() {
  local target tag targets=(app edge)
  if [ -z "${QUICK:-}" ]; then targets+=(backup); fi
  for target in "${targets[@]}"; do
    case $target in
      app) tag=$ARV_IMAGE ;;
      edge) tag=$ARV_EDGE_IMAGE ;;
      backup) tag=$ARV_BACKUP_IMAGE ;;
    esac
    DOCKER_BUILDKIT=1 "$docker" build --network=host --target "$target" -t "$tag" \
      --build-arg "PYTHON_IMAGE=$PYTHON_IMAGE" --build-arg "NODE_IMAGE=$NODE_IMAGE" \
      --build-arg "NGINX_IMAGE=$NGINX_IMAGE" . >"$STATE/build-$target.log" 2>&1 ||
      { tail -40 "$STATE/build-$target.log"; exit 1; }
    lap "image $tag, $("$docker" image inspect -f '{{.Size}}' "$tag" | awk '{printf "%d MB", $1 / 1000000}')"
  done
}

write_settings() {
  local port
  port=$(.venv/bin/python -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
  rm -rf "$STATE/secrets"
  "$HERE/make-secrets.sh" "$STATE/secrets" >/dev/null
  printf 'PUBLIC_URL=http://127.0.0.1:%s\nHTTP_PORT=127.0.0.1:%s\nSECRETS_DIR=%s\n' \
    "$port" "$port" "$STATE/secrets" >"$STATE/env"
  printf 'HTTPS_PORT=127.0.0.1:%s\nCERTIFICATES_DIR=%s\nACME_DIR=%s\n' \
    "$((port + 1))" "$STATE/certificates" "$STATE/acme" >>"$STATE/env"
  printf 'BACKUP_REPOSITORY=/srv/arv/backups\n' >>"$STATE/env"
  export ARV_PROVED_URL=http://127.0.0.1:$port
}

start_everything() {
  "${compose[@]}" --profile backup down -v --remove-orphans >/dev/null 2>&1 || true
  if ! "${compose[@]}" up -d --no-build --wait --wait-timeout 400 >"$STATE/up.log" 2>&1; then
    tail -20 "$STATE/up.log"
    "${compose[@]}" ps -a
    "${compose[@]}" logs --tail 40
    exit 1
  fi
  lap "all services healthy"
}

play_the_product() {
  local proofs=(tests/containers/proved_containers.py)
  if [ -z "${QUICK:-}" ]; then
    proofs+=(tests/containers/proved_upgrade.py tests/containers/proved_recovery.py)
  fi
  ARV_PROVED_PASSWORD=$("${compose[@]}" exec -T app-1 arv create-admin | sed -n 's/.*Password  \([^ ]*\).*/\1/p')
  export ARV_PROVED_PASSWORD ARV_PROVED_COMPOSE="${compose[*]}"
  .venv/bin/python -m pytest -q -rA --timeout 900 --durations=12 -p no:cacheprovider "${proofs[@]}"
  lap "product played through nginx"
}

stop_everything() {
  if [ -n "${KEEP:-}" ]; then
    echo "kept: DOCKER_HOST=${DOCKER_HOST:-} $ARV_PROVED_URL"
    return
  fi
  "${compose[@]}" --profile backup down -v >/dev/null 2>&1 || true
  if [ "${ARV_DOCKER:-}" != system ] && [ -f "$STATE/dockerd.pid" ]; then
    kill "$(cat "$STATE/dockerd.pid")" 2>/dev/null || true
  fi
  lap "stopped"
}

mkdir -p "$STATE"
trap stop_everything EXIT
[ "${ARV_DOCKER:-}" = system ] || start_private_daemon
build_images
write_settings
start_everything
play_the_product
