#!/usr/bin/env bash
# Bring a saved observatory back into an empty folder, build its warehouse anew, and read every release byte by byte.
# usage: restaurer.sh ARCHIVE DATA
set -euo pipefail
archive=$(realpath "${1:?usage: restaurer.sh ARCHIVE DATA}") data=${2:?usage: restaurer.sh ARCHIVE DATA}
command=${OBSERVATOIRE:-observatoire}

(cd "$(dirname "$archive")" && sha256sum --check --quiet "$(basename "$archive").sha256") ||
  { echo "$archive : l'archive n'est pas celle qui a été écrite. Rien n'a été restauré." >&2; exit 10; }
mkdir -p "$data"
if [ -n "$(ls -A "$data")" ]; then echo "$data : ce dossier n'est pas vide. Rien n'a été restauré." >&2; exit 2; fi
tar -xzf "$archive" -C "$data" --no-same-owner
if [ -d "$data/snapshots" ]; then $command build --data "$data" --reference "$data/reference"; fi
if [ -e "$data/releases/index.json" ]; then $command verify --all --data "$data"; fi
echo "$data : restauré depuis $(basename "$archive")."
