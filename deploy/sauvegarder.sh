#!/usr/bin/env bash
# Save what cannot be made again: what was received (snapshots), what was published (releases, and those withdrawn), and
# the reference tables, decisions and corrections among them. The warehouse is left out: `build` makes it.
# usage: sauvegarder.sh DATA FOLDER      writes FOLDER/observatoire-<UTC time>.tar.gz and its .sha256
set -euo pipefail
data=$(realpath "${1:?usage: sauvegarder.sh DATA FOLDER}") folder=$(realpath "${2:?usage: sauvegarder.sh DATA FOLDER}")
reference=$(realpath "${OBSERVATOIRE_REFERENCE:-$data/reference}")
name=observatoire-$(date -u +%Y%m%dT%H%M%SZ).tar.gz
draft=$folder/.$name
trap 'rm -f "$draft"' EXIT

parts=()
# The index goes first: a release that appears meanwhile is in the archive without being named, never the reverse.
for part in releases/index.json releases releases.retirees snapshots; do
  if [ -e "$data/$part" ]; then parts+=("$part"); fi
done
if [ ${#parts[@]} = 0 ]; then echo "$data : rien à sauvegarder (ni releases, ni snapshots)." >&2; exit 2; fi
# Drafts (.…) come and go while others write, and are no part of anything; tar says 1 where a folder changed meanwhile.
tar --exclude='.[!.]*' --warning=no-file-changed -czf "$draft" -C "$data" "${parts[@]}" -C "$(dirname "$reference")" "$(basename "$reference")" || [ $? = 1 ]
tar -tzf "$draft" >/dev/null
sync "$draft"
mv "$draft" "$folder/$name"
(cd "$folder" && sha256sum "$name" >"$name.sha256")
echo "$folder/$name"
