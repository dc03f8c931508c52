#!/bin/sh
# Adds Lorebase to the menu and the path of this user; `install --remove` takes both back.
set -eu
here=$(dirname "$(readlink -f "$0")")
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/lorebase.desktop
icon=$data/icons/hicolor/scalable/apps/lorebase.svg
command=$HOME/.local/bin/lorebase
if [ "${1-}" = --remove ]; then
  rm -f "$entry" "$icon" "$command"
  exit 0
fi
mkdir -p "$(dirname "$entry")" "$(dirname "$icon")" "$(dirname "$command")"
sed "s|^Exec=lorebase|Exec=\"$here/lorebase\"|" "$here/share/applications/lorebase.desktop" > "$entry"
cp "$here/share/icons/hicolor/scalable/apps/lorebase.svg" "$icon"
ln -sf "$here/lorebase" "$command"
