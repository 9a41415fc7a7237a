#!/bin/sh
# Begin archiving (harmless when it has begun), prove that a segment arrives, and save the cluster:
# everything with `full`, else what changed since the last `full`. What is older than 30 days goes.
set -eu

pgbackrest --stanza=arv stanza-create
pgbackrest --stanza=arv check
pgbackrest --stanza=arv --type="${1:-diff}" backup
pgbackrest --stanza=arv info
