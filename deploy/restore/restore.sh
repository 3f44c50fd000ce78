#!/usr/bin/env bash
# deploy/restore/restore.sh FILE: restores a dump into a new database, PGDATABASE, all of it or nothing. "npm run restored"
# comes next. The private key is where gpg looks for it (GNUPGHOME).
set -euo pipefail
# They belong to the whole server, so they are in no dump of a database.
for role in user_management_owner user_management_app; do
  psql --dbname=postgres --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --command="DO \$\$ BEGIN
    CREATE ROLE $role NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$"
done
createdb --template=template0 --encoding=UTF8 "$PGDATABASE"
gpg --batch --quiet --decrypt "$1" | pg_restore --single-transaction --no-password --dbname="$PGDATABASE"
