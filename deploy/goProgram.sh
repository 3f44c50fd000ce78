#!/usr/bin/env bash
# goProgram.sh MODULE@VERSION: builds a program written in Go, once, and prints where it is. Exit code 3 where there is no
# Go, or the modules cannot be had.
set -euo pipefail
module=$1
command -v go >/dev/null || { echo 'there is no Go on this machine' >&2; exit 3; }
folder="$(go env GOCACHE)/programs/${module//[^A-Za-z0-9.]/-}"
if [ ! -d "$folder" ]; then
  # Built beside and renamed, for a run that is cut off.
  new=$(mktemp -d)
  (cd "$new" && GOBIN="$new" GOFLAGS= go install "$module") >&2 || { rm -rf "$new"; echo "$module cannot be built" >&2; exit 3; }
  mkdir -p "$(dirname "$folder")"
  mv -T "$new" "$folder" 2>/dev/null || rm -rf "$new"
fi
echo "$folder/$(ls "$folder")"
