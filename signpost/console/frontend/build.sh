#!/usr/bin/env bash
# Installs the libraries by package-lock.json and builds the styles and scripts: build.sh UV NODE_VENV
# Where the machine has no Node, or an old one, it comes from PyPI into an environment of its own.
set -euo pipefail
uv=$1 node_venv=$2 here=$(cd "$(dirname "$0")" && pwd)

good() { command -v npm && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; }

if ! good >/dev/null 2>&1; then
  echo "Getting Node, which builds them"
  "$uv" venv --quiet --allow-existing --python "$(dirname "$uv")/python" "$node_venv"
  VIRTUAL_ENV=$node_venv "$uv" pip install --quiet -r "$here/node.txt"
  PATH="$(cd "$node_venv/bin" && pwd):$PATH"
fi
cd "$here"
npm ci --ignore-scripts --omit=optional --include=dev --silent --no-progress
node build.mjs
