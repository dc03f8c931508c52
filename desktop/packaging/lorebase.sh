#!/bin/sh
# Starts the window; with words behind it, the command line. Works wherever the folder lies.
here=$(dirname "$(readlink -f "$0")")
case "${1-}" in
  "") exec "$here/bin/@PYTHON@" -s -E -m desktop.app ;;
  gui) shift; exec "$here/bin/@PYTHON@" -s -E -m desktop.app "$@" ;;
  *) exec "$here/bin/@PYTHON@" -s -E -c 'from indexer.cli import main; main()' "$@" ;;
esac
