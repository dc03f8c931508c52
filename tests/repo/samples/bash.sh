#!/usr/bin/env bash
set -euo pipefail

source ./lib/common.sh
. "$(dirname "$0")/env.sh"

readonly RELEASE_DIR=/srv/releases
export LANG=C

# Builds the archive that is sent out.
build_archive() {
  local version="$1"
  tar -czf "$RELEASE_DIR/$version.tgz" dist
  log_info "built $version"
}

function deploy {
  build_archive "$1" | tee build.log
  rsync -a dist/ "$TARGET"
}

deploy "$@"
