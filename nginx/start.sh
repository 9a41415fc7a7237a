#!/bin/sh
# Starts nginx with what only this machine knows, and gives it a changed certificate without a dropped
# connection. `start.sh prepare` only writes ENTRY. From the environment:
#   CERTIFICATES       folder with fullchain.pem and privkey.pem; without them one is made that browsers doubt
#   HTTPS_REDIRECT     true: plain http leads to https
#   HTTPS_LISTEN       address and port of https (8443); none: no https
#   DIRECT_UPLOAD_ORIGINS  object stores that the panel's pages may send files to, with commas between
#   CERTIFICATE_CHECK_SECONDS  how often to look whether the certificate changed (30)
set -eu
CERTIFICATES=${CERTIFICATES:-/srv/arv/certificates}
ENTRY=${ENTRY:-/tmp/nginx-entry}
CONFIGURATION=${CONFIGURATION:-/etc/nginx/nginx.conf}
HTTPS_LISTEN=${HTTPS_LISTEN:-8443}
NGINX_PROGRAM=${NGINX_PROGRAM:-nginx}

run_nginx() { "$NGINX_PROGRAM" -p "$(dirname "$CONFIGURATION")/" -c "$CONFIGURATION" -e stderr "$@"; }
complain() { printf 'start.sh: %s\n' "$1" >&2; }

# What the operator gave, as one line that changes with it; empty while there is no pair.
given() {
  if [ -e "$CERTIFICATES/fullchain.pem" ] && [ -e "$CERTIFICATES/privkey.pem" ]; then
    cat "$CERTIFICATES/fullchain.pem" "$CERTIFICATES/privkey.pem" 2>/dev/null | cksum
  fi
}

# Copied, so that nginx never reads a file that is half written. Fails with a sentence.
take_certificate() {
  if [ ! -r "$CERTIFICATES/fullchain.pem" ] || [ ! -r "$CERTIFICATES/privkey.pem" ]; then
    complain "may not read fullchain.pem and privkey.pem in $CERTIFICATES: let uid $(id -u) read them"
    return 1
  fi
  cp "$CERTIFICATES/fullchain.pem" "$ENTRY/fullchain.new"
  (umask 077 && cat "$CERTIFICATES/privkey.pem" >"$ENTRY/privkey.new")
  if [ "$(openssl x509 -noout -pubkey -in "$ENTRY/fullchain.new" 2>/dev/null || echo none)" != \
    "$(openssl pkey -pubout -in "$ENTRY/privkey.new" 2>/dev/null)" ]; then
    complain "privkey.pem in $CERTIFICATES is not the key of fullchain.pem, or one of them is damaged"
    return 1
  fi
  mv "$ENTRY/fullchain.new" "$ENTRY/fullchain.pem"
  mv "$ENTRY/privkey.new" "$ENTRY/privkey.pem"
}

make_certificate() {
  if [ -e "$ENTRY/privkey.pem" ]; then return; fi
  complain "no certificate in $CERTIFICATES: browsers will warn until there is one"
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256 -nodes -days 90 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$ENTRY/privkey.pem" -out "$ENTRY/fullchain.pem" 2>/dev/null)
}

# nginx says `http2 on;` since 1.25.1, and before that beside the port.
listen_lines() {
  version=$("$NGINX_PROGRAM" -v 2>&1 | sed 's|.*nginx/\([0-9.]*\).*|\1|')
  if [ "$(printf '1.25.1\n%s\n' "$version" | sort -V | head -n 1)" = 1.25.1 ]; then
    printf 'listen %s ssl default_server;\nhttp2 on;\n' "$HTTPS_LISTEN"
  else
    printf 'listen %s ssl http2 default_server;\n' "$HTTPS_LISTEN"
  fi
}

# As sources of a policy, each with a space before it. What is no origin is left out: it would end the header.
upload_origins() {
  printf '%s\n' "${DIRECT_UPLOAD_ORIGINS:-}" | tr ',' ' ' | tr ' ' '\n' | sed 's|/$||' \
    | grep -xE 'https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?' | sed 's/^/ /' | tr -d '\n' || true
}

write_entry() {
  if [ "${HTTPS_REDIRECT:-}" = true ]; then to_https=on; else to_https=off; fi
  # nginx's variable, not the shell's.
  # shellcheck disable=SC2016
  printf 'set $arv_to_https %s;\n' "$to_https"
  # shellcheck disable=SC2016
  printf 'set $arv_upload_origins "%s";\n' "$(upload_origins)"
  if [ "$HTTPS_LISTEN" = none ]; then return; fi
  listen_lines
  printf 'ssl_certificate %s;\nssl_certificate_key %s;\n' "$ENTRY/fullchain.pem" "$ENTRY/privkey.pem"
}

prepare() {
  mkdir -p "$ENTRY"
  if [ "$HTTPS_LISTEN" = none ]; then :; elif [ -n "$(given)" ]; then take_certificate; else make_certificate; fi
  write_entry >"$ENTRY/entry.conf"
}

# A new pair is taken when it is whole; until then the one before stays. Old connections end by themselves.
watch_certificate() {
  seen=$1
  while sleep "${CERTIFICATE_CHECK_SECONDS:-30}" && kill -0 $$ 2>/dev/null; do
    now=$(given)
    if [ -z "$now" ] || [ "$now" = "$seen" ]; then continue; fi
    seen=$now
    if take_certificate && run_nginx -s reload; then
      complain "took the new certificate"
    fi
  done
}

prepare
if [ "${1:-}" = prepare ]; then exit; fi
watch_certificate "$(given)" &
exec "$NGINX_PROGRAM" -p "$(dirname "$CONFIGURATION")/" -c "$CONFIGURATION" -e stderr
