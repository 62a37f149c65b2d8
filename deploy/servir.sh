#!/usr/bin/env bash
# Bring the folder that nginx serves up to date, with a compressed twin beside each text that is worth it.
# usage: servir.sh DATA SERVED
set -euo pipefail
data=${1:?usage: servir.sh DATA SERVED} served=${2:?usage: servir.sh DATA SERVED}
${OBSERVATOIRE:-observatoire} publish "$served" --data "$data"
# Without its name and date (-n), the twin of a file is always the same bytes. It takes its name once it is whole.
find "$served" -path "$served/.envoi" -prune -o -type f -size +1k \
  \( -name '*.csv' -o -name '*.json' -o -name '*.jsonld' -o -name '*.geojson' -o -name '*.ttl' -o -name '*.html' \
  -o -name '*.css' -o -name '*.svg' -o -name '*.md' -o -name '*.xml' -o -name '*.txt' \) -exec sh -euc '
  for file; do
    if [ "$file.gz" -nt "$file" ]; then continue; fi
    gzip -9 -n -c "$file" >"$file.gz.envoi"
    mv "$file.gz.envoi" "$file.gz"
  done' sh {} +
