#!/bin/sh
# npm run conformance [-- --record] [PATTERN]: builds every case of test/conformance with mille and with a real, current
# Docker, and compares. --record writes what Docker gave to the cases' expected.json. A pattern picks cases by name.
set -eu
cd "$(dirname "$0")/.."
if [ "${1:-}" = --record ]; then
  export MILLE_CONFORMANCE_RECORD=1
  shift
fi
if [ $# -gt 0 ]; then export MILLE_CONFORMANCE_ONLY="$1"; fi
if [ -z "${MILLE_CONFORMANCE_DOCKER:-}" ]; then
  sh scripts/current-docker.sh start >&2
  export MILLE_CONFORMANCE_DOCKER="sh $PWD/scripts/current-docker.sh docker"
fi
# What is not in the store is missing on both sides.
export MILLE_OFFLINE=registries
exec node scripts/run-bun.mjs test --timeout 120000 ./test/conformance
