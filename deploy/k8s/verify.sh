#!/usr/bin/env bash
# Renders the manifests and holds them against the schemas of a current Kubernetes, made from its own description of its
# API; then misspells every single property, each of which must be refused. What cannot be done on a machine is said.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
kubernetes=v1.37.2
operator=v0.85.0

skip() { printf 'SKIPPED: the manifests for Kubernetes against their schemas: %s\n' "$*" >&2; exit 0; }
module() {
  local answer
  answer=$(cd /; go mod download -json "$1") || return 1
  sed -nE 's/^\t"Dir": "(.*)",$/\1/p' <<<"$answer"
}
node() { node_modules/.bin/node "$@"; }

kubeconform=$(deploy/goProgram.sh github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0) || skip 'kubeconform cannot be had'
kustomize=$(deploy/goProgram.sh sigs.k8s.io/kustomize/kustomize/v5@v5.8.2) || skip 'kustomize cannot be had'
api=$(module k8s.io/kubernetes@$kubernetes) || skip 'the module k8s.io/kubernetes cannot be had'
monitoring=$(module github.com/prometheus-operator/prometheus-operator@$operator) || skip 'the module of the Prometheus operator cannot be had'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node deploy/k8s/schemas.ts "$api/api/openapi-spec/swagger.json" \
  "$monitoring/jsonnet/prometheus-operator/servicemonitors-crd.json" "$folder/schemas"
check() { "$kubeconform" -strict -schema-location "$folder/schemas/{{.ResourceKind}}{{.KindSuffix}}.json" "$@"; }

"$kustomize" build deploy/k8s/base >"$folder/base.yaml"
"$kustomize" build deploy/k8s/overlays/production >"$folder/production.yaml"
printf 'Kubernetes %s: ' "$kubernetes"
check -summary "$folder/base.yaml" "$folder/production.yaml" deploy/k8s/secret.example.yaml

written=$(node deploy/k8s/misspell.ts "$folder/misspelt" <"$folder/production.yaml")
refused=$(check "$folder/misspelt" | grep -c ' is invalid: ' || true)
printf 'Misspelt properties: %s, refused: %s\n' "$written" "$refused"
if [ "$written" -lt 100 ] || [ "$written" -ne "$refused" ]; then
  check -verbose "$folder/misspelt" | grep ' is valid$' | head -n 20
  exit 1
fi
