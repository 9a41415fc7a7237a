#!/usr/bin/env bash
# Writes the secrets that docker-compose.yml mounts, once: ops/containers/make-secrets.sh [FOLDER]
# What exists is kept. The folder is closed to others; the files in it are readable, because the
# containers' ordinary users must read them.
set -euo pipefail
folder=${1:-secrets}
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }
write() {
  if [ -s "$folder/$1" ]; then return; fi
  printf '%s' "$2" >"$folder/$1"
  chmod 444 "$folder/$1"
  echo "made $folder/$1"
}

write postgres_password "$(random 24)"
write database_url "postgresql+asyncpg://arv:$(cat "$folder/postgres_password")@postgres:5432/arv"
write secret_key "$(random 48)"
# Keys of before, while docs/runbooks/rotate-secrets.md is on its way.
if [ ! -e "$folder/old_secret_keys" ]; then
  : >"$folder/old_secret_keys"
  chmod 644 "$folder/old_secret_keys"
  echo "made $folder/old_secret_keys, empty"
fi
# Yours to fill in if errors shall be told to a Sentry.
if [ ! -e "$folder/sentry_dsn" ]; then
  : >"$folder/sentry_dsn"
  chmod 644 "$folder/sentry_dsn"
  echo "made $folder/sentry_dsn, empty"
fi
# Addresses of files: the app signs them, nginx checks them with the same words.
write storage_link_secret "$(random 32)"
write storage_links "secure_link_md5 \"\$secure_link_expires\$uri $(cat "$folder/storage_link_secret")\";"
if [ ! -e "$folder/s3_secret_access_key" ]; then
  : >"$folder/s3_secret_access_key"
  chmod 644 "$folder/s3_secret_access_key"
  echo "made $folder/s3_secret_access_key, empty: for DEFAULT_STORAGE=s3"
fi
# Put a copy away: without it nobody can read the backups.
write backup_password "$(random 32)"
if [ ! -e "$folder/backup_s3_secret" ]; then
  : >"$folder/backup_s3_secret"
  chmod 644 "$folder/backup_s3_secret"
  echo "made $folder/backup_s3_secret, empty: for backups in a bucket"
fi
write minio_root_user "arv-$(random 4)"
write minio_root_password "$(random 24)"
# The keys of the other S3 server (docker compose --profile seaweedfs).
write seaweedfs_s3 "{\"identities\":[{\"name\":\"arv\",\"credentials\":[{\"accessKey\":\"arv-$(random 4)\",\"secretKey\":\"$(random 24)\"}],\"actions\":[\"Admin\",\"Read\",\"Write\",\"List\",\"Tagging\"]}]}"
write grafana_password "$(random 16)"
# Yours to fill in: where alerts go (ops/monitoring/alertmanager/alertmanager.yml).
for name in alert_webhook_url alert_mail_password; do
  if [ ! -e "$folder/$name" ]; then
    : >"$folder/$name"
    chmod 644 "$folder/$name"
    echo "made $folder/$name, empty: for the profile monitoring"
  fi
done
# Yours to fill in, smtp://user:password@host:587; while it is empty no mail is sent.
if [ ! -e "$folder/smtp_url" ]; then
  : >"$folder/smtp_url"
  chmod 644 "$folder/smtp_url"
  echo "made $folder/smtp_url, empty: write the address of your mail server into it"
fi
