#!/usr/bin/env bash
# deploy/restore/dump.sh PUBLIC_KEY FILE: dumps the database that libpq's variables name (PGHOST, PGUSER, PGDATABASE; the
# password in ~/.pgpass) and encrypts it on the way. Only who has the private key, which is not here, can read it.
set -euo pipefail
umask 077
pg_dump --format=custom --no-password |
  gpg --batch --quiet --compress-algo none --recipient-file "$1" --yes --output "$2.part" --encrypt
# A dump that was cut off never has the name of one that was not.
mv "$2.part" "$2"
