#!/bin/sh
# npm run bench: measures mille beside docker and buildah, where they are installed. See bench/main.ts.
set -eu
cd "$(dirname "$0")/.."
if [ ! -d node_modules ]; then npm ci --loglevel=error --no-audit --no-fund; fi
exec node scripts/run-bun.mjs bench/main.ts "$@"
