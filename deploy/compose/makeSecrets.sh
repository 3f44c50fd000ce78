#!/bin/sh
# Makes the secrets of docker-compose.yml, each once: what is there already stays as it is, so that this may run at every
# start and be cut off anywhere. Each folder below the one given is a volume that one service alone mounts as /run/secrets.
# The files may be read by every user, since the containers' users have numbers of their own; on the host the folder of
# the volumes is root's.
set -eu
cd "${1:-/secrets}"
umask 022

# Renamed into place: nobody finds half a secret.
write() {
  cat >"$1.new"
  mv "$1.new" "$1"
}
absent() { [ ! -s "$1" ]; }
# 24 random bytes in hexadecimal, so that it needs no escaping in a URL.
password() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

mkdir -p api database redis grafana
if absent database/postgres_password; then password | write database/postgres_password; fi
if absent api/database_url; then
  echo "postgresql://user_management:$(cat database/postgres_password)@database:5432/user_management" | write api/database_url
fi
if absent api/jwt_secret; then head -c 48 /dev/urandom | base64 -w 0 | write api/jwt_secret; fi
if absent api/admin_password; then password | write api/admin_password; fi
if absent grafana/admin_password; then password | write grafana/admin_password; fi
if absent redis/users.acl || absent api/redis_url; then
  redis=$(password)
  # Whoever does not sign in may ask whether it lives; the service may do what it does, to its own keys.
  write redis/users.acl <<-ACL
	user default on nopass resetkeys resetchannels -@all +ping
	user service on #$(printf %s "$redis" | sha256sum | cut -d ' ' -f 1) ~user-management:* resetchannels -@all +@read +@write +@scripting +@connection -@dangerous +info +time
	ACL
  echo "redis://service:$redis@redis:6379/0" | write api/redis_url
fi
