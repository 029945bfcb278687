#!/bin/bash
# npm.sh - installs the clients the tests use (tests/package-lock.json), when that file has changed since the last time.
set -euo pipefail
cd "$(dirname "$0")/../tests"
stamp=node_modules/.installed
want=$(sha256sum package-lock.json | cut -d' ' -f1)
[ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && exit 0
echo "kicau: npm ci in tests/"
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error
echo "$want" >"$stamp"
