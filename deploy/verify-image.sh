#!/usr/bin/env bash
# Proves Dockerfile and docker-compose.yml without Docker: the compose file is read by the Compose specification's own
# reader; the Dockerfile's very steps are run into a folder, and what comes of it runs there as compose would run it, with
# a real PostgreSQL and Redis. What cannot be done on a machine is said.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
skipped() { printf 'SKIPPED: %s\n' "$*" >&2; }

echo 'docker-compose.yml, all profiles, against the Compose specification'
if compose=$(deploy/goProgram.sh github.com/compose-spec/compose-go/v2/cmd@v2.16.2); then
  "$compose" docker-compose.yml >/dev/null
  misspelt=$(mktemp --suffix=.yml)
  trap 'rm -f "$misspelt"' EXIT
  sed 's/stop_grace_period/stop_grace_perod/' docker-compose.yml >"$misspelt"
  if "$compose" "$misspelt" >/dev/null 2>&1; then
    echo 'a misspelt property was accepted' >&2
    exit 1
  fi
  echo '  fits; a misspelt property does not'
else
  skipped 'the compose file'
fi

echo 'Dockerfile, step by step, and the service it makes'
if [ "$(id -u)" -ne 0 ] || ! unshare --mount --net --pid --fork true 2>/dev/null; then
  skipped 'the image: building it without Docker takes root, and namespaces'
elif ! command -v redis-server >/dev/null; then
  skipped 'the image: there is no redis-server'
else
  folder=$(mktemp -d)
  chmod 711 "$folder"
  trap 'rm -rf "$folder" "${misspelt:-}"' EXIT
  # The namespace takes its mounts with it, so that nothing but folders is left to remove.
  unshare --mount --propagation private node_modules/.bin/node deploy/image/verify.ts "$folder"
fi
