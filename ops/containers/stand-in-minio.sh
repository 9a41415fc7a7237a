#!/bin/sh
# Answers to `minio server /data ...` and `mc ready local` with another S3 server.
if [ "$(basename "$0")" = mc ]; then
  exec python3 -c 'import socket; socket.create_connection(("127.0.0.1", 8333), 2)'
fi
AWS_ACCESS_KEY_ID=$(cat "$MINIO_ROOT_USER_FILE")
AWS_SECRET_ACCESS_KEY=$(cat "$MINIO_ROOT_PASSWORD_FILE")
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
exec weed server -dir=/data -ip=127.0.0.1 -ip.bind=0.0.0.0 -filer -s3 -master.volumeSizeLimitMB=64
