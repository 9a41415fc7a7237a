#!/bin/sh
# Lays the pages of this image into the folder nginx serves them from: lay-out-pages FOLDER. What older pages are made
# of stays beside it for 90 days: a browser, or an app of the release before, may still ask for it. Each file is put
# into its place whole, those that name others last.
set -eu
to=$1 from=${PAGES_FROM:-/srv/arv/web}

lay() {
  if cmp -s "$from/$1" "$to/$1"; then
    touch "$to/$1"
    return
  fi
  mkdir -p "$(dirname "$to/$1")"
  cp "$from/$1" "$to/$1.new"
  mv "$to/$1.new" "$to/$1"
}

cd "$from"
find . -type f ! -name 'index.html*' | while read -r file; do lay "$file"; done
find . -type f -name 'index.html*' | while read -r file; do lay "$file"; done
find "$to" -type f -mtime +90 -delete
echo "pages laid out: $(find . -type f | wc -l) files"
